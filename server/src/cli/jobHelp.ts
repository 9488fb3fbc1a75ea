import { operationHelp } from '#server/cli/operationHelp.ts';

const RERUN = operationHelp(
  'rerun spark/NAME|tfjob/NAME',
  `Runs a job once more from its beginning, as it is written; a run that is under way is killed, and what is not in a
checkpoint is lost. Where its operator has no word for that the job is deleted and made anew; its manifest waits in a Secret
meanwhile, so that whoever goes on with the run finds it.`,
  '',
  '',
);

const SUSPEND = operationHelp(
  'suspend spark/NAME|tfjob/NAME',
  `Takes the pods of a job away and keeps the job, by the suspend field that its operator reads. What is not in a checkpoint
is lost. \`data-clusters unsuspend\` lets it go on; \`resume\` is for operations that were left.`,
  '',
  '',
);

const UNSUSPEND = operationHelp(
  'unsuspend spark/NAME|tfjob/NAME',
  `Lets a suspended job go on: its pods are made anew, and it begins where its program finds a checkpoint, else at its
beginning.`,
  '',
  '',
);

const STOP = operationHelp(
  'stop spark/NAME|tfjob/NAME',
  `Ends a job for good: its object is deleted, with its status and its pods and their logs. \`data-clusters suspend\` keeps
it; to end an operation of this program there is \`data-clusters cancel\`.`,
  '',
  '',
);

const RESUBMIT = operationHelp(
  'resubmit spark/NAME|tfjob/NAME --file FILE',
  `Makes a job as a changed manifest says. The plan names each difference and what the operator makes of it by itself (it
heeds it, only pods made later get it, or the server refuses it), and does what it takes: the fields are written, or the job
is run anew. Of what the manifest does not name nothing is changed, unless it was taken from the cluster with its uid.`,
  '',
  '      --file FILE                the manifest, YAML or JSON',
);

const WORKERS = operationHelp(
  'workers spark/NAME|tfjob/NAME --to N',
  `Gives a job more or fewer workers or executors, where it can take that while it runs; the plan says why where it cannot.`,
  '',
  `      --to N                     how many there shall be
      --min N, --max N           the bounds inside which a job changes their number by itself`,
);

const SCHEDULE = operationHelp(
  'schedule spark/NAME --pause|--resume',
  `Pauses what starts jobs by a schedule, or lets it go on. Runs that are under way are left alone.`,
  '',
  '      --pause, --resume          one of them',
);

/** By command. */
export const jobTopics: Readonly<Record<string, string>> = {
  rerun: RERUN,
  suspend: SUSPEND,
  unsuspend: UNSUSPEND,
  stop: STOP,
  resubmit: RESUBMIT,
  workers: WORKERS,
  schedule: SCHEDULE,
};
