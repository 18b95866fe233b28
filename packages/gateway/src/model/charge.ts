/** One reservation in one budget, as records and the ledger keep it. */
export interface Charge {
  readonly budget: string;
  /** Which of the budget's counters, see scopeOf. */
  readonly scope: string;
  readonly unit: string;
  readonly reservedMicros: bigint;
  /** End of the stretch it counts in, in milliseconds since the epoch; absent for budgets that never begin anew. */
  readonly until?: number;
}

/** What became of a reservation. */
export interface Settlement {
  readonly charge: Charge;
  readonly spentMicros: bigint;
}

/** What a counter had used up when it was last written down. */
export interface Balance {
  readonly budget: string;
  readonly scope: string;
  readonly unit: string;
  readonly until?: number;
  readonly usedMicros: bigint;
}
