/**
 * Why a target may not be used although its upstream offers it: its definition is not the accepted one (`changed`), was
 * never accepted (`waiting`), was refused by a person (`rejected`), cannot be compared, as the store is out of reach
 * (`unknowable`), or looks like what another upstream offers (`twin`).
 */
export type Quarantine = 'changed' | 'waiting' | 'rejected' | 'unknowable' | 'twin';
