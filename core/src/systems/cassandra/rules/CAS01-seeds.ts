import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { isConfiguredByImage, membersOf, type Member } from '#core/systems/cassandra/rules/members.ts';
import { readSeeds, type Seed, type SeedList } from '#core/systems/cassandra/rules/seeds.ts';
import { lacksVariable } from '#core/systems/cassandra/rules/variables.ts';

/** Up to three members people publish with one seed; from here on losing it hurts more than naming a second. */
const LARGE_RING = 4;
/** A ring of two needs both as seeds. */
const SMALLEST_WITH_OTHERS = 3;

const OWN_RING = 'so every member takes itself for the seed and founds a ring of its own';

export const seedsLeadNowhere: ObjectRule = {
  id: 'CAS01',
  title: 'The seeds do not lead every member to one ring',
  severity: 'error',
  source:
    'Apache Cassandra SimpleSeedProvider and StorageService 3.11 to 5.0 (unknown hosts are skipped; without any the node ends; a seed does not bootstrap); start script of the official image',
  fixable: false,
  refusedBy: 'nobody',
  why: `A node asks its seeds who else is in the ring. If none of their names is known, it does not start; if it is its own only seed, it founds a
ring of its own, and the members never meet. A node that finds itself among the seeds joins without streaming any data, so name two or three members and never all. With a
single seed nobody can join while that one is away. A pod is found under the Service of \`spec.serviceName\`: \`cassandra-0.cassandra\`.`,
  subject: 'object',
  kinds: ['apps/StatefulSet'],
  check: (object, report) => {
    for (const member of membersOf(object)) {
      const list = readSeeds(member);
      if (list) checkList(list, member, report);
      else checkAbsence(member, report);
    }
  },
};

/** Without seeds the start script writes the address of the node itself. */
function checkAbsence(member: Member, report: Report): void {
  const { container, replicas = 1 } = member;
  const isOwn = ['CASSANDRA_SEEDS', 'CASSANDRA_NAME'].every((name) => lacksVariable(container, name));
  if (replicas < 2 || !isOwn || !isConfiguredByImage(member)) return;
  report({ at: container.field('env'), cause: 'required', message: `CASSANDRA_SEEDS is not set, ${OWN_RING}.` });
}

function checkList(list: SeedList, member: Member, report: Report): void {
  const { at, seeds } = list;
  const { replicas } = member;
  if (seeds.length > 0 && seeds.every(({ target }) => target.kind === 'self')) {
    if (replicas === undefined || replicas < 2) return;
    return report({
      at,
      cause: 'invalid',
      message: `The only seed is ${describeHosts(seeds)}, which is the pod itself, ${OWN_RING}.`,
    });
  }
  const lost = lostSeeds(seeds, member);
  const isHopeless = lost.length === seeds.length && lost.every(({ isCertain }) => isCertain);
  for (const { seed, reason } of lost) {
    report({
      at,
      cause: 'notFound',
      severity: isHopeless ? 'error' : 'warning',
      message: `The seed ${quoteText(seed.host)} leads nowhere. ${reason}${isHopeless ? '; without any seed Cassandra ends at its start' : ''}.`,
    });
  }
  if (lost.length === 0) checkNumber(list, member, report);
}

interface LostSeed {
  readonly seed: Seed;
  readonly reason: string;
  readonly isCertain: boolean;
}

function lostSeeds(seeds: readonly Seed[], { replicas, object }: Member): readonly LostSeed[] {
  const start = object.spec.at('ordinals', 'start');
  const first = start.isAbsent ? 0 : start.integer;
  return seeds.flatMap((seed): LostSeed[] => {
    const { target } = seed;
    if (target.kind === 'nowhere') return [{ seed, reason: target.reason, isCertain: target.isCertain }];
    if (target.kind !== 'member' || replicas === undefined || replicas === 0 || first === undefined) return [];
    const last = first + replicas - 1;
    if (target.ordinal >= first && target.ordinal <= last) return [];
    const range = replicas === 1 ? `only member ${first}` : `the members ${first} to ${last}`;
    return [{ seed, reason: `The StatefulSet has ${range}`, isCertain: true }];
  });
}

function checkNumber({ at, seeds }: SeedList, { replicas = 1, object }: Member, report: Report): void {
  const [first] = seeds;
  const members = new Set(seeds.flatMap(({ target }) => (target.kind === 'member' ? [target.ordinal] : [])));
  const warn = (message: string): void => report({ at, cause: 'invalid', severity: 'warning', message });
  if (first?.target.kind === 'anyMember' && seeds.length === 1 && replicas > 1) {
    warn(
      `The seed ${quoteText(first.host)} is the Service of all members. It leads to whichever answers first, so a member may take itself for the seed and not find the ring.`,
    );
  } else if (seeds.length === 1 && members.size === 1 && replicas >= LARGE_RING) {
    const service = object.spec.field('serviceName').text ?? '';
    const name = object.metadata.field('name').text ?? '';
    warn(
      `There is one seed, ${quoteText(first?.host ?? '')}, for ${replicas} members. While it is away no new member can join and others may not start; name a second, such as ${name}-1.${service}.`,
    );
  } else if (replicas >= SMALLEST_WITH_OTHERS && members.size >= replicas) {
    warn(
      `All ${replicas} members are seeds. A seed joins without streaming the data it takes over, so a member that lost its disk comes back empty; name two or three.`,
    );
  }
}

function describeHosts(seeds: readonly Seed[]): string {
  return listNames(seeds.map(({ host }) => (host.includes(' ') ? host : quoteText(host))));
}
