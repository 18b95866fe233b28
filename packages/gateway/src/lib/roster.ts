/** Something that can be on one roster; `place` is kept by the roster and -1 outside of it. */
export interface Rostered {
  place: number;
}

/**
 * Those who are under way, in no order; joining and leaving cost the same however many there are.
 * An array and not a Set: a set that gains and loses an entry with each call leaves outgrown tables behind, each pointing
 * to the next, and once one of them is in V8's old generation all calls that follow are moved there too (8 µs a call).
 */
export class Roster<Member extends Rostered> {
  readonly #members: Member[] = [];

  get size(): number {
    return this.#members.length;
  }

  join(member: Member): void {
    if (member.place < 0) member.place = this.#members.push(member) - 1;
  }

  /** Does nothing for a member that left before. */
  leave(member: Member): void {
    if (member.place < 0) return;
    const last = this.#members.pop();
    if (last !== undefined && last !== member) {
      this.#members[member.place] = last;
      last.place = member.place;
    }
    member.place = -1;
  }

  find(isWanted: (member: Member) => boolean): Member | undefined {
    return this.#members.find(isWanted);
  }

  /** Those who are on it now: whoever leaves meanwhile changes nothing of the list. */
  list(): Member[] {
    return this.#members.slice();
  }
}
