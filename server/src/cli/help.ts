import { jobTopics } from '#server/cli/jobHelp.ts';
import { CONSENT, INTERRUPTION, operationHelp, RUN_CODES, THROTTLE, WHERE } from '#server/cli/operationHelp.ts';

const GENERAL = `data-clusters: check manifests of Cassandra, Kafka, Spark and TFJob on Kubernetes, and say how they are

Usage
  data-clusters lint [file|folder|glob|-]...   check manifests
  data-clusters migrate FILE...                rewrite manifests of ended operators and old API versions
  data-clusters preview FILE...                what operators will create of Spark and TFJob manifests
  data-clusters status                         how the data clusters of a Kubernetes cluster are, and why
  data-clusters plan OPERATION SYSTEM/NAME     what an operation would do, with everything that was checked
  data-clusters restart SYSTEM/NAME            restart nodes of kafka or cassandra one after the other, safely
  data-clusters drain SYSTEM/NAME|node/NAME    take the load off members of kafka or cassandra, or everything off a node
  data-clusters rebalance kafka/NAME           even out replicas, leaders, disks and racks
  data-clusters scale kafka/NAME               more brokers, or fewer once they are empty
  data-clusters configure kafka/NAME           change settings of brokers, at once where they can be
  data-clusters replace cassandra/NAME         replace a node of cassandra that is lost for good, or remove it
  data-clusters rerun SYSTEM/NAME              run a job of spark or tfjob once more from its beginning
  data-clusters suspend SYSTEM/NAME            take the pods of a job away and keep the job
  data-clusters unsuspend SYSTEM/NAME          let a suspended job go on
  data-clusters resubmit SYSTEM/NAME           run a job as a changed manifest says
  data-clusters workers SYSTEM/NAME            give a job that can take it more or fewer workers
  data-clusters schedule SYSTEM/NAME           pause or resume what starts jobs by a schedule
  data-clusters stop SYSTEM/NAME               end a job for good
  data-clusters rollback RELEASE               take a Helm release back to an earlier revision, members one at a time
  data-clusters resume SYSTEM/NAME             go on with an operation that was left
  data-clusters cancel SYSTEM/NAME             end or pause an operation, whoever runs it
  data-clusters report SYSTEM/NAME             what was done in the last operation, as Markdown
  data-clusters rules                          list the rules
  data-clusters server --stdio                 run the language server for an editor
  data-clusters --version
  data-clusters help [command]
`;

const LINT = `data-clusters lint [options] [file|folder|glob|-]...

Checks every Kubernetes object in the files. A folder means all .yaml and .yml files below it, "-" means stdin,
nothing means the current folder.

Output
  -o, --output FORMAT[=FILE]     text (default), json, sarif, junit or github; may be repeated, one without a file
      --fail-on LEVEL            exit with 1 from this level on: error (default), warning, hint, never

What is checked
      --kubernetes-version 1.34  version the manifests are for (default: the newest known)
      --schemas PATH             file or folder with CustomResourceDefinitions; may be repeated
      --ignore GLOB              files to leave out; may be repeated
  -c, --config FILE              use this file instead of the nearest .data-clusters.yaml of each manifest
      --baseline FILE            do not count findings that this file lists
      --write-baseline FILE      list today's findings in this file
      --stdin-filename PATH      what to call the text from stdin

Repair
      --fix                      make every fix that needs no decision; from stdin, the fixed text goes to stdout
      --fix --dry-run            show what --fix would change

Exit codes
  0  nothing at or above --fail-on (with --dry-run: and nothing to fix)
  1  findings at or above --fail-on
  2  could not run: wrong usage, a file cannot be read or written, nothing to check
`;

const MIGRATE = `data-clusters migrate [options] file|folder|glob|-...

Writes the manifests of today from those of operators that have ended and of API versions that are gone, and leaves
every other document as it is. What has no equivalent, and what a person has to do, stands in comments. Shows what it
would change, as a diff; from stdin, the new text goes to stdout.

What to make
      --to TARGET                strimzi, cass-operator, k8ssandra, spark-operator, training-operator, trainer or
                                 kubernetes; without it, each manifest goes to its usual successor
      --cluster NAME             the Kafka cluster of topics that name none

Where to
      --write                    replace the files
      --out DIR                  write the changed files into this folder

What is checked
      --kubernetes-version 1.34  version the manifests are for (default: the newest known)
      --schemas PATH             file or folder with CustomResourceDefinitions; may be repeated
      --ignore GLOB              files to leave out; may be repeated
  -c, --config FILE              use this file instead of the nearest .data-clusters.yaml of each manifest
      --stdin-filename PATH      what to call the text from stdin

Exit codes
  0  nothing is left to migrate
  1  a preview would change something, a manifest could not be migrated, or has an error afterwards
  2  could not run: wrong usage, a file cannot be read or written
`;

const PREVIEW = `data-clusters preview [options] file|folder|glob|-...

Tells what the operator will create of each SparkApplication, ScheduledSparkApplication, SparkConnect, SparkCluster, TFJob
and TrainJob: pods with processors and memory (overhead included), Services, ConfigMaps, volumes that are mounted or left
out, what happens when it fails or is changed, and the TF_CONFIG of each replica. It is computed from the text: no cluster is asked.

Output
  -o, --output FORMAT            text (default) or json

What is read
      --kubernetes-version 1.34  version the manifests are for (default: the newest known)
      --schemas PATH             file or folder with CustomResourceDefinitions; may be repeated
      --ignore GLOB              files to leave out; may be repeated
  -c, --config FILE              use this file instead of the nearest .data-clusters.yaml of each manifest
      --stdin-filename PATH      what to call the text from stdin

Exit codes
  0  everything that can be previewed was
  1  a document is broken, so it has no preview
  2  could not run: wrong usage, a file cannot be read, nothing can be previewed
`;

const STATUS = `data-clusters status [options]

Says of every data cluster (Cassandra, Kafka, Spark, TFJob) of a Kubernetes cluster how it is and why, in the sentences
that the editor shows. It only reads.

Which
      --context NAME             context of the kubeconfig (default: the current one)
      --kubeconfig FILE          use this file instead of KUBECONFIG or ~/.kube/config; may be repeated
  -n, --namespace NAME           only this namespace; may be repeated (default: all, or what may be read)
      --system NAME              only cassandra, kafka, spark or tfjob; may be repeated

What is asked
      --inside                   ask the systems themselves too (needs the right to run commands in pods)
      --timeout SECONDS          how long the first answer may take (default: 30)

Output
  -o, --output FORMAT            text (default) or json
      --members                  show the members of healthy data clusters too
  -w, --watch                    go on and print every change as a line with its time, until interrupted

JSON
  {context, server, simulated, kubernetesVersion, namespaces, clusters, limits, summary}
  clusters: [{namespace, system, kind, flavour, name, version, level, sentence,
              evidence: [{level, text, source, member, at}],
              members: [{name, role, node, level, sentence}],
              inside: {askedAt, answered, problems}}]
  limits:   [{verb, group, resource, namespace, reason}], what could not be seen
  summary:  how many are healthy, done, working, unknown, warning, unhealthy; these are the levels
  kind:     of the custom resource that defines it, null where there is none: system tfjob has TFJob and TrainJob
  What is not known is null, namespaces is null for all, times are ISO 8601.
  With --watch, an object a line: {time, type: "cluster", ...as above}, {time, type: "connection", phase, problem},
  {time, type: "gone", namespace, system, kind, name}.

Exit codes
  0  every data cluster is healthy, done or working
  1  one is in level warning or unhealthy
  2  could not tell: wrong usage, no connection, no data cluster found, or one whose health is not known
`;

const RESTART = operationHelp(
  'restart kafka/NAME|cassandra/NAME',
  `Restarts the nodes of a Kafka cluster or of a Cassandra ring, one after the other. Shows the plan with everything that was
checked, asks, and then takes a node only when the others themselves say that it may go.
  kafka      no partition falls below min.insync.replicas; the next one follows when the node is back in every ISR
  cassandra  every range keeps a QUORUM; a node is drained before its pod goes, and the next one follows when every node
             sees it up, it serves clients, and it has got the writes that were kept for it`,
  `
      --only POD[,POD...]        only these nodes; may be repeated
      --pending-only             only nodes that do not have the newest template of their workload
      --strict                   of Cassandra under an operator: pod by pod under our own gates, also where the
                                 operator could be left to restart whole racks`,
  `      --level LEVEL              fully-replicated (default): every replica is in sync before the next node goes
                                 min-isr: only min.insync.replicas, or QUORUM, is kept
      --order POD[,POD...]       in this order; those that are not named come last`,
);

const DRAIN = operationHelp(
  'drain kafka/NAME|cassandra/NAME --how HOW --member POD | drain node/NAME',
  `Takes the load off members, or everything off a Kubernetes node.
  demote       brokers of Kafka keep their replicas and lead nothing; no data moves
  evacuate     brokers of Kafka hold nothing afterwards
  maintenance  a node of Cassandra has everything on disk and is away, until a restart of it brings it back
  a node       is cordoned; members of data clusters go one at a time, each when the others may do without it, and are
               awaited elsewhere and whole; executors of Spark go one at a time; drivers, chiefs, PS and other pods whose
               end may be the end of a run stay unless --unmovable says otherwise; other pods are evicted as their
               disruption budgets allow`,
  `
      --member POD[,POD...]      the members, by their pods; may be repeated`,
  `      --how HOW                  demote, evacuate or maintenance
${THROTTLE}
      --empty-dir WHAT           of a node, for pods whose data is on an emptyDir: keep (default) or lose
      --unmovable WHAT           of a node, for members that cannot be moved safely and pods whose end may end the run of
                                 a job: refuse (default), leave them there; of such pods of jobs also wait for their own
                                 end, or evict them, which may lose the run and wants a name to be confirmed
      --pod NAMESPACE/NAME       of a node: move only this pod off it, and let it take pods again; may be repeated`,
);

const REBALANCE = operationHelp(
  'rebalance SYSTEM/NAME',
  `Of Kafka, moves replicas and leaders so that racks, disks, replicas and leaders are even, as little as possible. The plan
shows every broker before and after. Ended early, what is being copied is taken back and throttles are put back.
Of Cassandra, whose tokens stay, goes over its nodes one after the other: cleanup drops what they no longer own, repair
makes replicas alike, rebuild fills a new datacenter; flush, compact and upgrade-sstables are about their files.`,
  `
      --member POD[,POD...]      of the modes about some brokers: the new ones, or those to leave; of Cassandra, the nodes
                                 to go over (all otherwise); may be repeated
      --exclude TOPIC            topics that stay as they are, * stands for any text; may be repeated`,
  `      --mode MODE                of Kafka full (default), leaders (no data moves), new-brokers, off-brokers, racks; of
                                 Cassandra cleanup, repair, rebuild, flush, compact, upgrade-sstables
      --source DATACENTER        of rebuild: where the data comes from
      --exact                    of cleanup: the plan says by the tokens of their files which nodes need it; reads only,
                                 a minute a node at most
      --file FILE                carry out this file of kafka-reassign-partitions instead; a rollback.json that --save
                                 has written takes its plan back
${THROTTLE}`,
);

const SCALE = operationHelp(
  'scale SYSTEM/NAME --to N',
  `Adds brokers, or takes away those with the highest numbers once they hold nothing. Of Cassandra, each new node has joined
before the next; the highest is decommissioned, and only then its pod is taken away.`,
  `
      --group NAME               the StatefulSet or node pool, where there are several`,
  `      --to N                     how many brokers or nodes there shall be
${THROTTLE}`,
);

const CONFIGURE = operationHelp(
  'configure kafka/NAME --set name=value | --undo',
  `Changes settings of brokers. Each one is asked of the brokers: what can be changed while they run is, what needs a
restart is written and brought into effect by a safe restart.`,
  `
      --member POD               only this broker`,
  `      --set NAME=VALUE           a setting as Kafka spells it; may be repeated
      --unset NAME               take a setting away; may be repeated
      --undo                     put back what the last change of settings in the journal has changed; where single brokers
                                 had values of their own, the commands for those are told in the end`,
);

const REPLACE = operationHelp(
  'replace cassandra/NAME --member POD',
  `For a node of Cassandra that is lost for good: down for every other node, its pod absent, pending or crash-looping. Its
claims and its pod are deleted, and the new pod takes over its tokens and is sent its data by the others; nobody else is
taken out. Before the deletion it asks for the name of the pod once more. A node that is up is refused: restart it, or
rebalance with --mode repair. With --how remove the node does not come back, and the others take over what it owned.`,
  `
      --member POD               the node, by its pod; with --how remove also by its Host ID`,
  `      --how HOW                  replace (default), or remove: nodetool removenode, after its StatefulSet was made smaller`,
);

const ROLLBACK = operationHelp(
  'rollback RELEASE [--to REVISION]',
  `Takes a Helm release back to an earlier revision. Shows every object that changes, field by field, and the hooks that
run. StatefulSets of data clusters are held while Helm writes, and their members restarted one after the other under the
gates of their own system. Done by the program helm (3 or 4) where it is on the PATH; without it the revision is written
as Helm writes it, unless it has hooks. Name it as helm/RELEASE in resume, cancel and report.`,
  '',
  `      --to REVISION              the revision to go back to (default: the newest before this one that was deployed)`,
);

const PLAN = `data-clusters plan OPERATION TARGET [options]

OPERATION is one of restart, drain, rebalance, scale, configure, replace, rollback, and for jobs rerun, suspend,
unsuspend, stop, resubmit, workers, schedule.

Shows what the operation would do, in which order, and everything that was checked now; the same as the operation with
--dry-run. With --output markdown, as a document; with --save FOLDER, into files.
Each operation has its own options: data-clusters help restart

${RUN_CODES}
`;

const CANCEL = `data-clusters cancel SYSTEM/NAME [options]

Asks whoever runs an operation, on whatever machine, to end it before its next step, and waits until it has. What is
being copied is taken back. A run that nobody holds any more is ended from here.

Which
${WHERE}

How
      --pause                    leave it to be gone on with instead

Exit codes
  0  it has ended
  1  it had not ended in time
  2  there is nothing to end, or it cannot be reached
`;

const RESUME = `data-clusters resume SYSTEM/NAME [options]

Goes on with an operation that was left, stopped or paused, or whose program was killed. What was done already is asked of
the cluster, not taken from the journal. A runner that died is waited for until its lock is over, about a minute.

Which
${WHERE}

${CONSENT}

${INTERRUPTION}

${RUN_CODES}
`;

const REPORT = `data-clusters report SYSTEM/NAME [options]

Prints the last run as Markdown, from its journal in the cluster: what was done when, what was measured, how it ended;
and a line for each run before it.

Which
${WHERE}

Exit codes
  0  there is a run
  2  there is none, or it cannot be read
`;

const RULES = `data-clusters rules [--output text|json]

Lists every rule with its severity and what it reports.
`;

const SERVER = `data-clusters server --stdio

Runs the language server (LSP) on stdin and stdout, for any editor that speaks LSP.
`;

const TOPICS: Readonly<Record<string, string>> = {
  lint: LINT,
  migrate: MIGRATE,
  preview: PREVIEW,
  status: STATUS,
  plan: PLAN,
  restart: RESTART,
  drain: DRAIN,
  rebalance: REBALANCE,
  scale: SCALE,
  configure: CONFIGURE,
  replace: REPLACE,
  ...jobTopics,
  rollback: ROLLBACK,
  resume: RESUME,
  cancel: CANCEL,
  report: REPORT,
  rules: RULES,
  server: SERVER,
};

/** The help text of a command, or the general one. */
export function helpText(topic: string | undefined): string {
  return (topic === undefined ? undefined : TOPICS[topic]) ?? GENERAL;
}
