import { randomUUID } from 'node:crypto';
import type { LiveAccess } from '#client/actions/deps.ts';
import { toolNames } from '#client/contributions.ts';
import { statusText } from '#client/tools/statusText.ts';
import { objectOf, textOf, type JsonObject } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import { plainText } from '#core/live/plainText.ts';
import type { Clock } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import type { Operations } from '#core/operations/operations.ts';
import { readWish } from '#core/operations/readWish.ts';
import { describePlan, describeRun } from '#core/operations/report.ts';
import type { Log } from '#core/ports.ts';

export interface ToolDeps extends LiveAccess {
  /** Loaded when a tool first needs it. */
  readonly operations: () => Operations;
  readonly clock: Clock;
  readonly log: Log;
}

/** One thing a language model may ask. Its answer is text; nothing it does changes a cluster. */
export interface Tool {
  readonly name: string;
  /** What the user reads while it is asked. */
  title(this: void, input: JsonObject): string;
  /** It asks brokers, so the user is asked before. */
  readonly isAskedFor: boolean;
  answer(this: void, input: JsonObject): Promise<string>;
}

/** Every tool; the manifest describes the same. */
export function modelTools(deps: ToolDeps): readonly Tool[] {
  return [
    {
      name: toolNames.status,
      title: () => 'Looking at the data clusters',
      isAskedFor: false,
      answer: async (input) => statusOf(input, deps),
    },
    {
      name: toolNames.plan,
      title: (input) => `Planning a ${wordOf(input, 'operation')} of ${wordOf(input, 'name')}`,
      isAskedFor: true,
      answer: async (input) => describePlan(await planOf(input, deps)),
    },
    {
      name: toolNames.report,
      title: (input) => `Reading what was done with ${wordOf(input, 'name')}`,
      isAskedFor: false,
      answer: async (input) => reportOf(input, deps),
    },
  ];
}

const NOT_CONNECTED =
  'No cluster is connected. The user connects one in the Data Clusters view, or opens the demo cluster there; nothing is contacted before.';

function statusOf(input: JsonObject, { connectedContexts, viewOf }: ToolDeps): string {
  const filter = {
    system: textOf(input['system']),
    name: textOf(input['name']),
    namespace: textOf(input['namespace']),
    isOnlyUnhealthy: input['onlyUnhealthy'] === true,
  };
  const context = textOf(input['context']);
  const texts = connectedContexts()
    .filter((name) => context === '' || name === context)
    .flatMap((name) => {
      const view = viewOf(name);
      return view ? [statusText(name, view, filter)] : [];
    });
  return texts.length === 0 ? NOT_CONNECTED : texts.join('\n\n');
}

async function planOf(input: JsonObject, deps: ToolDeps): Promise<Plan> {
  const { context, data } = find(input, deps);
  const read = readWish({ ...objectOf(input['options']), operation: input['operation'] });
  if (read.kind === 'problem') throw new Error(read.problem);
  const cluster = await deps.clusterOf(context);
  return deps.operations().plan(read.wish, { data, cluster, clock: deps.clock, id: randomUUID() });
}

async function reportOf(input: JsonObject, deps: ToolDeps): Promise<string> {
  const { context, data } = find(input, deps);
  const { system, name, namespace } = data;
  const contents = await deps.operations().history({ system, name, namespace }, await deps.clusterOf(context));
  return contents?.current ? describeRun(contents.current) : `Nothing was done with ${plainText(name)} yet.`;
}

/** The one data cluster that is meant, among those of the connected contexts. */
function find(input: JsonObject, { connectedContexts, viewOf }: ToolDeps): { context: string; data: DataCluster } {
  const fits = (key: string, value: string): boolean => textOf(input[key]) === '' || input[key] === value;
  const found = connectedContexts()
    .filter((name) => fits('context', name))
    .flatMap((context) => (viewOf(context)?.clusters ?? []).map(({ cluster }) => ({ context, data: cluster })))
    .filter(
      ({ data }) => data.name === input['name'] && fits('namespace', data.namespace) && fits('system', data.system),
    );
  const [first, second] = found;
  if (!first) throw new Error(connectedContexts().length === 0 ? NOT_CONNECTED : 'There is no such data cluster.');
  if (!second) return first;
  const places = found.map(({ context, data }) => `${data.system}/${data.name} in ${data.namespace} of ${context}`);
  throw new Error(`Several have this name, say which: ${places.slice(0, 10).join('; ')}`);
}

const wordOf = (input: JsonObject, key: string): string => plainText(textOf(input[key]), 60) || 'data cluster';
