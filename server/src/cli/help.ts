const GENERAL = `data-clusters: check manifests of Cassandra, Kafka, Spark and TFJob on Kubernetes, and say how they are

Usage
  data-clusters lint [file|folder|glob|-]...   check manifests
  data-clusters migrate FILE...                rewrite manifests of ended operators and old API versions
  data-clusters status                         how the data clusters of a Kubernetes cluster are, and why
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
  clusters: [{namespace, system, flavour, name, version, level, sentence,
              evidence: [{level, text, source, member, at}],
              members: [{name, role, node, level, sentence}],
              inside: {askedAt, answered, problems}}]
  limits:   [{verb, group, resource, namespace, reason}], what could not be seen
  summary:  how many are healthy, done, working, unknown, warning, unhealthy; these are the levels
  What is not known is null, namespaces is null for all, times are ISO 8601.
  With --watch, an object a line: {time, type: "cluster", ...as above}, {time, type: "gone", namespace, system, name},
  {time, type: "connection", phase, problem}.

Exit codes
  0  every data cluster is healthy, done or working
  1  one is in level warning or unhealthy
  2  could not tell: wrong usage, no connection, no data cluster found, or one whose health is not known
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
  status: STATUS,
  rules: RULES,
  server: SERVER,
};

/** The help text of a command, or the general one. */
export function helpText(topic: string | undefined): string {
  return (topic === undefined ? undefined : TOPICS[topic]) ?? GENERAL;
}
