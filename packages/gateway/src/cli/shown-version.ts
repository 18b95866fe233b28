import type { LayerName } from '../model/api-layer.js';
import type { JsonObject } from '../model/json.js';

/** A version of a policy or upstream, as people see it. */
export interface ShownVersion {
  readonly name: string;
  readonly version: number;
  readonly revision: string;
  readonly at: string;
  readonly by: string;
  readonly note?: string;
  /** Absent: it ended with this version. */
  readonly content?: JsonObject;
}

export interface CliEdit {
  readonly note?: string | undefined;
  readonly revision?: string | undefined;
}

/** Where policies and upstreams are made: the store of this machine, or a gateway. Refusals are LayerFault or CliError. */
export interface LayerAt {
  list(kind: LayerName['kind']): Promise<readonly ShownVersion[]>;
  history(name: LayerName): Promise<readonly ShownVersion[]>;
  put(name: LayerName, content: JsonObject, edit: CliEdit): Promise<ShownVersion>;
  remove(name: LayerName, edit: CliEdit): Promise<void>;
  rollBack(name: LayerName, version: number, edit: CliEdit): Promise<ShownVersion>;
}
