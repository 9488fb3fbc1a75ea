/** As much of a journey as it is chosen by. */
export interface Choosable {
  readonly name: string;
  /** Workloads of the real cluster. */
  readonly needs?: readonly string[];
}

export interface Chosen<Journey> {
  readonly journeys: readonly Journey[];
  /** Names, in one line, those that nobody asked for and whose workloads are not deployed; undefined when there are none. */
  readonly leftOut: string | undefined;
}

/**
 * Those whose name contains one of the words; without words, all whose workloads are deployed.
 * @throws Error when nothing is left, or when one that was asked for lacks a workload
 */
export function chooseJourneys<Journey extends Choosable>(
  journeys: readonly Journey[],
  words: readonly string[],
  deployed: readonly string[],
): Chosen<Journey> {
  const named = journeys.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  if (named.length === 0) throw new Error(`No such journey. There are: ${namesOf(journeys)}`);
  const lacking = named.filter((journey) => missing(journey, deployed).length > 0);
  if (lacking.length === 0) return { journeys: named, leftOut: undefined };
  const wanted = new Set(lacking.flatMap((journey) => missing(journey, deployed)));
  const reason = `needs what is not deployed (npm run cluster up ${[...wanted].join(' ')}): ${namesOf(lacking)}`;
  if (words.length > 0 || lacking.length === named.length) throw new Error(`It ${reason}`);
  return { journeys: named.filter((journey) => !lacking.includes(journey)), leftOut: `Left out, as it ${reason}` };
}

const missing = ({ needs = [] }: Choosable, deployed: readonly string[]): readonly string[] =>
  needs.filter((need) => !deployed.includes(need));

const namesOf = (journeys: readonly Choosable[]): string => journeys.map(({ name }) => `"${name}"`).join(', ');
