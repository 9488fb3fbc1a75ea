import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** Where the kinds of tasks keep their jobs. */
const JOBS: Readonly<Record<string, readonly string[]>> = {
  'control.k8ssandra.io/CassandraTask': ['spec', 'jobs'],
  'control.k8ssandra.io/ScheduledTask': ['spec', 'taskDetails', 'jobs'],
  'control.k8ssandra.io/K8ssandraTask': ['spec', 'template', 'jobs'],
};

/** Arguments of which a command needs one. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  replacenode: ['pod_name', 'rack'],
  move: ['new_tokens'],
};

export const taskArguments: ObjectRule = {
  id: 'CAS17',
  title: 'The arguments of a task do not fit its command',
  severity: 'error',
  source: 'cass-operator replaceValidator, moveValidator, restartSts, 1.32',
  fixable: false,
  refusedBy: 'nobody',
  why: `The API server accepts any arguments with any command. cass-operator ends a task as failed when it lacks what its command needs, and takes no
notice of what a command does not know: a restart that names one pod restarts the whole datacenter. To restart one rack, name the \`rack\`; to restart one pod, delete it.`,
  subject: 'object',
  kinds: Object.keys(JOBS),
  check: (object, report) => {
    for (const job of jobsOf(object)) {
      const command = job.field('command').text;
      const given = job.field('args');
      if (command === 'restart') checkRestart(given, report);
      const needed = command === undefined ? undefined : NEEDED[command];
      if (command === undefined || !needed || !needed.every((name) => isEmpty(given.field(name)))) continue;
      report({
        at: given.field(needed[0] ?? ''),
        cause: 'required',
        message: `The command ${command} needs the argument ${needed.join(' or ')}. cass-operator ends the task as failed.`,
      });
    }
  },
};

function jobsOf(object: ObjectView): readonly NodeView[] {
  return object.root.at(...(JOBS[object.groupKind] ?? [])).items;
}

/** One pod is meant, and all are restarted. */
function checkRestart(given: NodeView, report: Report): void {
  const pod = given.field('pod_name');
  if (!pod.isPresent || pod.text === undefined || pod.text === '') return;
  const rack = given.field('rack');
  const scope = rack.isAbsent ? 'all members of the datacenter' : 'all members of the rack';
  report({
    at: pod,
    cause: 'invalid',
    severity: 'warning',
    message: `A restart takes no notice of pod_name ${quoteText(pod.text)}: ${scope} are restarted. To restart one pod, delete it.`,
  });
}

function isEmpty(argument: NodeView): boolean {
  if (argument.isAbsent || argument.text === '') return true;
  return argument.content?.kind === 'map' && !argument.isOpen && argument.fields.length === 0;
}
