/** A member of one {@link Chain} at a time. Its neighbours are the chain's to keep. */
export interface Chained<T> {
  before: T | undefined;
  after: T | undefined;
}

/**
 * Members that come and go all the time, one for each call: a Set, of which each call adds and deletes one, hashes them all and is made anew
 * again and again.
 */
export class Chain<T extends Chained<T>> {
  #last: T | undefined;

  join(member: T): void {
    member.before = this.#last;
    if (this.#last) this.#last.after = member;
    this.#last = member;
  }

  /** Does nothing for one who has left. */
  leave(member: T): void {
    const { before, after } = member;
    if (after) after.before = before;
    else if (this.#last === member) this.#last = before;
    if (before) before.after = after;
    // One who is gone must keep nobody else in memory.
    member.before = undefined;
    member.after = undefined;
  }

  /** Those who are there now, in the order in which they came. */
  list(): T[] {
    const members: T[] = [];
    for (let member = this.#last; member; member = member.before) members.push(member);
    return members.reverse();
  }
}
