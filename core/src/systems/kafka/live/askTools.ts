import type { DataCluster, InsideAccess, InsideFacts, LiveMember } from '#core/live/model.ts';
import type { Cluster } from '#core/live/ports.ts';
import { messageOf } from '#core/systems/kafka/live/ask.ts';
import { oneLine } from '#core/systems/kafka/live/json.ts';
import { splitAnswers, toolFacts, toolsRequest } from '#core/systems/kafka/live/tools.ts';

export interface ToolQuestion {
  readonly cluster: DataCluster;
  /** Whose pod runs them. */
  readonly member: LiveMember;
  /** Of a listener that asks for nothing; the tools come in there from inside of the pod. */
  readonly port: number;
  /** Why the protocol is closed. */
  readonly why: string;
}

/** Each tool is a Java machine beside the broker. Who asks every few seconds gets the answer before until this long after it. */
const TOOLS_EVERY_MS = 60_000;

const answers = new WeakMap<Cluster, Map<string, InsideFacts>>();

/** Never rejects. */
export async function askByTools(question: ToolQuestion, { cluster, clock }: InsideAccess): Promise<InsideFacts> {
  const known = answers.get(cluster) ?? new Map<string, InsideFacts>();
  answers.set(cluster, known);
  const before = known.get(question.cluster.key);
  if (before && clock.now() - before.askedAt < TOOLS_EVERY_MS) return before;
  const answer = { askedAt: clock.now(), ...(await run(question, cluster)) };
  known.set(question.cluster.key, answer);
  return answer;
}

async function run(
  { cluster, member, port, why }: ToolQuestion,
  live: Cluster,
): Promise<Pick<InsideFacts, 'facts' | 'problems'>> {
  try {
    const { stdout, stderr, exitCode, isCut } = await live.exec(toolsRequest(member, cluster.namespace, port));
    const told = splitAnswers(stdout);
    const problems = [
      ...(told.areMissing ? [`The image of ${member.name} has none of Kafka's tools`] : []),
      ...(isCut ? ['The answer of the tools was cut'] : []),
      ...(exitCode === 0 ? [] : [`The tools of ${member.name} ended with ${exitCode}: ${oneLine(stderr, 200)}`]),
      ...told.failures,
    ];
    return { facts: toolFacts(told), problems: [why, ...problems] };
  } catch (error) {
    return { facts: undefined, problems: [why, messageOf(error)] };
  }
}
