import { isObject } from '#core/json.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const tfConfig: ObjectRule = {
  id: 'CFG04',
  title: 'TF_CONFIG does not describe a cluster and a task in it',
  severity: 'error',
  source: 'TensorFlow 2.17 tf.distribute.cluster_resolver.TFConfigClusterResolver, ClusterSpec and multi_worker_util',
  fixable: false,
  refusedBy: 'nobody',
  why: `A process of distributed TensorFlow learns from \`TF_CONFIG\` who belongs to the cluster and which of them it is. Text that is no JSON, a
role without addresses, or a task that the cluster does not have ends the process before it has begun, or leaves all others waiting for it.
In a TFJob the operator sets the variable.`,
  subject: 'object',
  check: (object, report) => {
    for (const variable of variablesNamed(object.root, 'TF_CONFIG')) {
      const value = variable.field('value');
      const { text } = value;
      if (text === undefined || text.trim() === '' || text.includes('$(')) continue;
      const problem = problemOf(text);
      if (problem === undefined) continue;
      report({ at: value, cause: 'invalid', message: `${problem} The process does not start as part of the cluster.` });
    }
  },
};

/** How deep lists of containers stand, in pods of whatever kind. */
const DEEPEST = 10;

function variablesNamed(view: NodeView, name: string, depth = 0): readonly NodeView[] {
  if (depth > DEEPEST) return [];
  const { content } = view;
  if (content?.kind === 'sequence') return view.items.flatMap((item) => variablesNamed(item, name, depth + 1));
  if (content?.kind !== 'map') return [];
  const env = view.field('env').items.filter((item) => item.field('name').text === name);
  return [
    ...env,
    ...view.fields.flatMap((field) => (field.step === 'env' ? [] : variablesNamed(field, name, depth + 1))),
  ];
}

/** Roles that are no members of the cluster they belong to. */
const OUTSIDE: readonly string[] = ['evaluator'];

function problemOf(text: string): string | undefined {
  const config = parse(text);
  if (config === undefined) return 'TF_CONFIG is no JSON.';
  if (!isObject(config)) return 'TF_CONFIG is no JSON object.';
  const { cluster, task } = config;
  if (cluster === undefined) return undefined;
  if (!isObject(cluster)) return '"cluster" of TF_CONFIG is no object with the addresses of each role.';
  return clusterProblem(cluster) ?? (task === undefined ? undefined : taskProblem(task, cluster));
}

function clusterProblem(cluster: Readonly<Record<string, unknown>>): string | undefined {
  for (const [role, addresses] of Object.entries(cluster)) {
    const members = membersOf(addresses);
    if (!members) return `The role ${quoteText(role)} of TF_CONFIG has no list of addresses.`;
    const wrong = members.map(addressOf).find((address) => !/^\S+:\d+$/.test(address));
    if (wrong !== undefined) {
      return `The role ${quoteText(role)} of TF_CONFIG has ${quoteText(wrong)}, which is no address with a port.`;
    }
  }
  return undefined;
}

function addressOf(member: unknown): string {
  return typeof member === 'string' ? member : JSON.stringify(member);
}

/** A role lists its members, or names single ones by their index. */
function membersOf(addresses: unknown): readonly unknown[] | undefined {
  if (Array.isArray(addresses)) return Array.from<unknown>(addresses);
  return isObject(addresses) ? Object.values(addresses) : undefined;
}

function taskProblem(task: unknown, cluster: Readonly<Record<string, unknown>>): string | undefined {
  if (!isObject(task)) return '"task" of TF_CONFIG is no object with "type" and "index".';
  const { type, index } = task;
  if (typeof type !== 'string') return '"task" of TF_CONFIG has no "type".';
  const members = cluster[type];
  if (members === undefined) {
    return OUTSIDE.includes(type)
      ? undefined
      : `The cluster of TF_CONFIG has no role ${quoteText(type)}, which its task has.`;
  }
  const place = typeof index === 'string' && /^\d+$/.test(index) ? Number(index) : index;
  if (typeof place !== 'number' || !Number.isInteger(place) || place < 0) {
    return '"index" of the task of TF_CONFIG is no number from 0.';
  }
  const count = Array.isArray(members) ? members.length : undefined;
  if (count === undefined || place < count) return undefined;
  return `The task of TF_CONFIG has the index ${place}, and the role ${quoteText(type)} has ${count} addresses, counted from 0.`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
