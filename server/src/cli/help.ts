const GENERAL = `data-clusters: check manifests of Cassandra, Kafka, Spark and TFJob on Kubernetes

Usage
  data-clusters lint [file|folder|glob|-]...   check manifests
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

const RULES = `data-clusters rules [--output text|json]

Lists every rule with its severity and what it reports.
`;

const SERVER = `data-clusters server --stdio

Runs the language server (LSP) on stdin and stdout, for any editor that speaks LSP.
`;

const TOPICS: Readonly<Record<string, string>> = { lint: LINT, rules: RULES, server: SERVER };

/** The help text of a command, or the general one. */
export function helpText(topic: string | undefined): string {
  return (topic === undefined ? undefined : TOPICS[topic]) ?? GENERAL;
}
