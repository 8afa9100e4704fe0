/** Why a caller that had been seen before an activation is rejected after it, other than by a broken promise. */
export const explanations = [
  /** What the program sent at the click would get in: it, or the owner's tokens, changed since. */
  "changed since",
  /** The same, before the click, but it has not called in between: nobody can know. */
  "changed unheard",
  /** This program had not called from there before, though another of its name had. */
  "newcomer",
  /** It had been refused whenever it called: nobody looked at its token, and it had nothing to lose. */
  "only refused before",
  /** Its name was on the screen, and the owner typed the account's. */
  "named",
  /** Its owner had said that it is gone, or that it does not belong here. */
  "dismissed",
  "left out",
  /** It was first heard after arming, and listed as new. */
  "new after arming",
  /** The time of known callers is over: its date had been named. */
  "time over",
  /** It was heard longer ago than callers are remembered. */
  "forgotten",
  /** What it was heard with had not reached the database: in the last moments, or never, since its gate was killed. */
  "unwritten",
  /** Two programs of one name behind one address, of which one began to send the token: the other was not heard since. */
  "between turns",
  /** A program that sends the token on most of its paths: the others were not heard since. */
  "first slip",
  /** A token was sent that had begun or ended, through a gate to which the announcement of that was lost. */
  "unheard of",
  /** It mixes, but one gate wrote a later call with the token down before another wrote the one without. */
  "out of order",
  /** What it sent was counted among the others, while a gate held as many callers of its instance as it may. */
  "among the others",
  /** Its caller mixes, and was last heard without the token more than 25 hours ago. */
  "mixes seldom",
  /** The same of known callers: one program of two, or most of the paths of one, sent the token for long enough. */
  "known: between turns",
  "known: first slip",
] as const;

export type Explanation = (typeof explanations)[number];

/** Of these Latchkey could have known; decision 34 says why it does not, and how often that happens. */
export const exceptions: readonly Explanation[] = [
  "unwritten",
  "between turns",
  "first slip",
  "unheard of",
  "out of order",
  "among the others",
  "mixes seldom",
  "known: between turns",
  "known: first slip",
];

/** A broken promise. */
export interface Violation {
  readonly promise: string;
  readonly at: number;
  readonly text: string;
}

/** What is promised. */
export const promises = {
  ready: "no Ready caller is ever rejected",
  blue: "no click on a blue button rejects a caller seen before without its name on screen",
  named: "whoever is rejected by a click that asked for the name was named",
  hold: "an armed instance is enforced once its callers have been ready for the hold time, and not before",
  live: "no live token is rejected",
  stranger: "while known callers only get in without the token, no stranger does",
  known: "no known caller is rejected before the date, but for those that sent the token for long enough",
  ratchet: "a known caller needs the token once it sent nothing else for long enough, and from then on",
  over: "the time of known callers ends at its date",
  fair: "whoever has sent nothing but live tokens since the tokens changed is Ready",
} as const;
