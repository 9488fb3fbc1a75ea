const GENERAL = `data-clusters: check manifests of Cassandra, Kafka, Spark and TFJob on Kubernetes

Usage
  data-clusters lint [file|folder|glob|-]...   check manifests
  data-clusters migrate FILE...                rewrite manifests of ended operators and old API versions
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

const RULES = `data-clusters rules [--output text|json]

Lists every rule with its severity and what it reports.
`;

const SERVER = `data-clusters server --stdio

Runs the language server (LSP) on stdin and stdout, for any editor that speaks LSP.
`;

const TOPICS: Readonly<Record<string, string>> = { lint: LINT, migrate: MIGRATE, rules: RULES, server: SERVER };

/** The help text of a command, or the general one. */
export function helpText(topic: string | undefined): string {
  return (topic === undefined ? undefined : TOPICS[topic]) ?? GENERAL;
}
