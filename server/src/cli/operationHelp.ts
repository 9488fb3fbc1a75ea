export const WHERE = `  -n, --namespace NAME           its namespace (default: that of the context)
      --kind KIND                of jobs of several kinds that have one name: which one, as in TrainJob
      --context NAME             context of the kubeconfig (default: the current one)
      --kubeconfig FILE          use this file instead of KUBECONFIG or ~/.kube/config; may be repeated
      --timeout SECONDS          how long the first answer may take (default: 30)`;

export const CONSENT = `Consent and output
  -y, --yes                      do not ask; without a terminal it is needed
      --confirm NAME             the name of the data cluster or node, which agrees to everything that needs consent
      --confirm-again NAME       the name that a run asks for once more before something that cannot be taken back, such
                                 as the deletion of a volume; without it, and without a terminal, it is paused there
  -o, --output FORMAT            text (default), or json: an object a line, {time, type, ...} with the types plan,
                                 step, waiting, note and state

Contexts
  DATA_CLUSTERS_PROTECTED_CONTEXTS   patterns, divided by commas: whatever is done there needs --confirm
  DATA_CLUSTERS_READ_ONLY_CONTEXTS   patterns of contexts in which nothing is done`;

const PLAN_OUTPUT = `      --dry-run                  show the plan and what was checked, and do nothing
      --save FOLDER              write the plan, and the files that go with it, into this folder`;

export const INTERRUPTION = `Interruption
  Ctrl+C or SIGTERM ends it before the next step; the member that is out is awaited, and what can be taken back is
  taken back. A second one leaves at once.
  What is done is written to a ConfigMap beside the workload before it is done, so any machine can go on with it.`;

export const RUN_CODES = `Exit codes
  0  done (with --dry-run: nothing keeps it from being started)
  1  stopped, paused or cancelled; the reason is the last line
  2  could not be started: wrong usage, no connection, a precondition that fails, nobody agreed`;

export const THROTTLE = `      --throttle RATE            bytes a second that each broker copies at most, as in 50MB`;

/** The help of a command that does something. */
export function operationHelp(usage: string, about: string, which: string, how: string): string {
  return [
    `data-clusters ${usage} [options]`,
    about,
    `Which\n${WHERE}${which}`,
    `How\n${how}${how === '' ? '' : '\n'}${PLAN_OUTPUT}`,
    CONSENT,
    INTERRUPTION,
    `${RUN_CODES}\n`,
  ].join('\n\n');
}
