import type { Layer, LayerKey, LayerKind, LayerVersion } from '../model/api-layer.js';
import type { JsonObject } from '../model/json.js';
import { forgetPins } from './pin-edit.js';
import { type Sqlite, type SqlRow, transact } from './sqlite.js';

/** Policies and upstreams that were made over REST, with every version there was. */
export interface LayerTable {
  /** A number that grows with every change, of any process. */
  changes(): number;
  current(): Layer;
  /** Newest first. */
  history(key: LayerKey, limit: number): LayerVersion[];
  /** One version of those there were. */
  version(key: LayerKey, version: number): LayerVersion | undefined;
  /** False where the layer has changed since `changes` was what it is now: nothing is added then. */
  append(version: LayerVersion, changes: number): boolean;
}

const columns = 'kind, tenant, name, version, revision, at, author, note, content';
const thatKey = 'kind = ? AND tenant = ? AND name = ?';

export class SqliteLayerTable implements LayerTable {
  readonly #sqlite: Sqlite;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  changes(): number {
    return Number(this.#sqlite.prepare('SELECT changes FROM layer_state').get()?.changes ?? 0);
  }

  current(): Layer {
    // Read first: what comes between counts as a change that is still to be seen.
    const changes = this.changes();
    const sql = `SELECT ${columns}, max(version) FROM layer_version GROUP BY kind, tenant, name ORDER BY kind, tenant, name`;
    return { changes, versions: this.#sqlite.prepare(sql).all().map(toVersion) };
  }

  history({ kind, tenant, name }: LayerKey, limit: number): LayerVersion[] {
    return this.#sqlite
      .prepare(`SELECT ${columns} FROM layer_version WHERE ${thatKey} ORDER BY version DESC LIMIT ?`)
      .all(kind, tenant, name, limit)
      .map(toVersion);
  }

  version({ kind, tenant, name }: LayerKey, version: number): LayerVersion | undefined {
    const row = this.#sqlite
      .prepare(`SELECT ${columns} FROM layer_version WHERE ${thatKey} AND version = ?`)
      .get(kind, tenant, name, version);
    return row === undefined ? undefined : toVersion(row);
  }

  append(made: LayerVersion, changes: number): boolean {
    return transact(this.#sqlite, () => {
      if (this.changes() !== changes) return false;
      const { kind, tenant, name, version, revision, at, by, note, content } = made;
      if (kind === 'upstream' && content !== undefined && this.#wasAnothers(tenant, name))
        forgetPins(this.#sqlite, name);
      this.#sqlite
        .prepare(`INSERT INTO layer_version (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
        .run(
          kind,
          tenant,
          name,
          version,
          revision,
          at,
          by,
          note ?? null,
          content === undefined ? null : JSON.stringify(content),
        );
      this.#sqlite.exec('UPDATE layer_state SET changes = changes + 1');
      return true;
    });
  }

  /** Whether the id of an upstream comes from another tenant, of whose server nobody else is to learn. */
  #wasAnothers(tenant: string, id: string): boolean {
    const sql = `SELECT tenant FROM layer_version WHERE kind = 'upstream' AND name = ? ORDER BY seq DESC LIMIT 1`;
    const latest = this.#sqlite.prepare(sql).get(id);
    return latest !== undefined && latest.tenant !== tenant;
  }
}

function toVersion(row: SqlRow): LayerVersion {
  return {
    kind: String(row.kind) as LayerKind,
    tenant: String(row.tenant),
    name: String(row.name),
    version: Number(row.version),
    revision: String(row.revision),
    at: Number(row.at),
    by: String(row.author),
    ...(row.note === null ? {} : { note: String(row.note) }),
    ...(row.content === null ? {} : { content: JSON.parse(String(row.content)) as JsonObject }),
  };
}
