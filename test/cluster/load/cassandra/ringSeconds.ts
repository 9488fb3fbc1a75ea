import { hundredths } from '../percentiles.ts';

/** What one member thinks of the ring. */
export interface RingView {
  readonly member: string;
  /** Host ids that it takes for up and normal; undefined when it did not answer. */
  readonly up: readonly string[] | undefined;
  readonly down: readonly string[];
}

export interface RingSample {
  /** Seconds, on any clock that only goes forward. */
  readonly at: number;
  readonly views: readonly RingView[];
}

export interface RingSummary {
  readonly samples: number;
  readonly seconds: number;
  /** Every member answered and saw every member up and normal. */
  readonly allUpSeconds: number;
  /** Members that answered saw the same host differently: one up, another down or not at all. */
  readonly disagreementSeconds: number;
  /** Seconds for which some member took a host for down, by host id. */
  readonly downSeconds: Readonly<Record<string, number>>;
  /** Seconds for which two hosts or more were down as any of their peers saw it that answered. */
  readonly severalDownSeconds: number;
  /** Seconds for which nobody answered clients, so that nobody's view is known. */
  readonly allSilentSeconds: number;
  /** Seconds for which two hosts or more were down or silent, so that a quorum of three replicas was not there. */
  readonly quorumAtRiskSeconds: number;
  /** Seconds for which a member did not answer clients, by member. */
  readonly silentSeconds: Readonly<Record<string, number>>;
  readonly maxAwayAtOnce: number;
  readonly membersAtEnd: readonly { readonly member: string; readonly up: number; readonly down: number }[];
}

export interface RingClock {
  add(this: void, sample: RingSample): void;
  summarize(this: void): RingSummary;
}

/** Adds up how long the ring was how. A state holds until the next sample. */
export function createRingClock(): RingClock {
  const sums = { allUp: 0, disagreement: 0, severalDown: 0, allSilent: 0, atRisk: 0 };
  const down = new Map<string, number>();
  const silent = new Map<string, number>();
  let samples = 0;
  let first = 0;
  let maxAway = 0;
  let last: RingSample | undefined;

  const addTime = ({ views }: RingSample, seconds: number): void => {
    if (isWhole(views)) sums.allUp += seconds;
    if (disagree(views)) sums.disagreement += seconds;
    if (downIn(views).size >= 2) sums.severalDown += seconds;
    if (views.every(({ up }) => up === undefined)) sums.allSilent += seconds;
    if (awayIn(views) >= 2) sums.atRisk += seconds;
    for (const host of downIn(views)) down.set(host, (down.get(host) ?? 0) + seconds);
    for (const { member, up } of views) if (up === undefined) silent.set(member, (silent.get(member) ?? 0) + seconds);
  };

  return {
    add(sample) {
      if (last === undefined) first = sample.at;
      else addTime(last, sample.at - last.at);
      samples += 1;
      maxAway = Math.max(maxAway, awayIn(sample.views));
      last = sample;
    },
    summarize: () => ({
      samples,
      seconds: hundredths((last?.at ?? 0) - first),
      allUpSeconds: hundredths(sums.allUp),
      disagreementSeconds: hundredths(sums.disagreement),
      downSeconds: rounded(down),
      severalDownSeconds: hundredths(sums.severalDown),
      allSilentSeconds: hundredths(sums.allSilent),
      quorumAtRiskSeconds: hundredths(sums.atRisk),
      silentSeconds: rounded(silent),
      maxAwayAtOnce: maxAway,
      membersAtEnd: (last?.views ?? []).map((view) => ({
        member: view.member,
        up: view.up?.length ?? 0,
        down: view.down.length,
      })),
    }),
  };
}

const isWhole = (views: readonly RingView[]): boolean =>
  views.every(({ up, down }) => up?.length === views.length && down.length === 0);

function disagree(views: readonly RingView[]): boolean {
  const answers = views.flatMap(({ up }) => (up === undefined ? [] : [new Set(up)]));
  const hosts = new Set(answers.flatMap((up) => [...up]));
  return [...hosts].some((host) => answers.some((up) => !up.has(host)));
}

/** Members away from clients or from their peers; who serves no clients coordinates nothing, but may still be a replica. */
function awayIn(views: readonly RingView[]): number {
  const silent = views.filter(({ up }) => up === undefined).length;
  return Math.max(silent, downIn(views).size);
}

/** Hosts that somebody takes for down. */
const downIn = (views: readonly RingView[]): ReadonlySet<string> => new Set(views.flatMap((view) => view.down));

const rounded = (seconds: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...seconds].map(([name, value]) => [name, hundredths(value)]));
