import type { JsonObjectText } from '../../model/json.js';
import type { Quarantine } from '../../model/quarantine.js';
import type { PinKind } from '../../store/pin.js';

/** A definition that passed import: an `ImportedTool`, or a prompt of the same form. */
export interface Offer {
  readonly name: string;
  readonly definition: JsonObjectText;
  readonly digest: string;
  readonly quarantine?: Quarantine;
}

/** Says which of the definitions that upstreams offer may be used. */
export interface DefinitionJudge {
  /**
   * Takes the whole list of one kind that an upstream answered with, the same again whenever something changed, and never
   * a list that did not come. Gives one for each, in the same order; those that may not be used carry `quarantine`, and a
   * changed tool comes with the definition that was accepted. Never throws: what cannot be compared is quarantined.
   */
  judge<Definition extends Offer>(
    upstream: string,
    kind: PinKind,
    offers: readonly Definition[],
  ): readonly Definition[];
  /** Calls `onChange` when the same lists may be judged otherwise, within a second; the returned function ends that. */
  watch(onChange: () => void): () => void;
}
