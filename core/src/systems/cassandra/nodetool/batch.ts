import type { CommandResult } from '#core/systems/cassandra/nodetool/failure.ts';
import { READ_LOGIN, type LoginSource } from '#core/systems/cassandra/nodetool/login.ts';
import { wholeNumberOf } from '#core/systems/cassandra/nodetool/text.ts';

/**
 * Several commands of nodetool in one exec. Each starts a Java machine (about a second of CPU), so one node runs them one after
 * the other, and a node whose JMX port is closed is asked only once.
 *
 * - Its Java compiles once and quickly: a program that lives for a second gains nothing by being compiled well (measured for nodetool 5.0.9
 *   on Java 17: 0.8 s of CPU instead of 1.6 s). What the container sets itself comes later, and so counts more.
 * - LC_ALL=C, because nodetool writes decimals as the locale does.
 * - Without nodetool on the PATH, it is looked for where images keep it.
 * - `URISyntaxException: Malformed IPv6 address` (CASSANDRA-17581: an older nodetool on a newer Java) is answered by the old way
 *   to read addresses.
 * - JMX that wants a login gets it from the password file of the node itself, by `-pwf`, so that it does not travel to us; where there is
 *   none, from the standard input of the exec (login.ts). A password is never part of a command line.
 *
 * This works in pods of cass-operator as well: their container `cassandra` has nodetool and a local JMX port beside the management API.
 */

export interface BatchCommand {
  /** Unique in the batch; letters only. */
  readonly name: string;
  readonly args: readonly string[];
}

export interface BatchAnswer {
  /** The container has no nodetool. */
  readonly isWithoutNodetool: boolean;
  /** There is no place in the container where a login could be kept for nodetool. */
  readonly isLoginHomeless: boolean;
  /** By name; a command that was not begun or not finished is missing. */
  readonly results: ReadonlyMap<string, CommandResult>;
}

/** Longest time of one command. */
const COMMAND_SECONDS = 30;

export interface ScriptParts {
  /** Script that comes after; it is not reached when JMX cannot be connected to. */
  readonly more?: readonly string[];
  /** Where a login for JMX comes from: what the node has itself when it is asked for one, or the input from the first command on. */
  readonly login?: LoginSource;
}

/** For `sh -c`; any POSIX shell will do. */
export function batchScript(
  commands: readonly BatchCommand[],
  { more = [], login = 'node' }: ScriptParts = {},
): string {
  const asks = commands.map(({ name, args }) => `ask ${name} ${args.map(quote).join(' ')}`);
  return [PRELUDE, ...(login === 'input' ? [READ_LOGIN] : []), ...asks, ...more].join('\n');
}

/** Single quotes keep everything but themselves. */
export const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const NODETOOL_PLACES = [
  '/opt/cassandra/bin',
  '/opt/bitnami/cassandra/bin',
  '/usr/local/apache-cassandra/bin',
  '/usr/share/cassandra/bin',
  '/opt/dse/bin',
  '/opt/hcd/bin',
];

/** Where cass-operator puts it, and where images have it; before them comes what the process was started with. */
const PASSWORD_FILES = [
  '/config/jmxremote.password',
  '/etc/cassandra/jmxremote.password',
  '/opt/bitnami/cassandra/conf/jmxremote.password',
];

/** No garbage collector is chosen: two of them on one command line keep Java from starting. */
const QUICK_JAVA = '-XX:TieredStopAtLevel=1';
/** What nodetool of 3.0 to 5.0 logs in with: `-pwf` takes a line of a file, `user password`. */
export const LOGIN_OPTIONS = String.raw`${'$'}{login_file:+-u "$login_user" -pwf "$login_file"}`;

const PRELUDE = String.raw`
LC_ALL=C; export LC_ALL; set -f
JAVA_TOOL_OPTIONS="${QUICK_JAVA}${'$'}{JAVA_TOOL_OPTIONS:+ ${'$'}JAVA_TOOL_OPTIONS}"; export JAVA_TOOL_OPTIONS
tool=$(command -v nodetool)
for place in ${NODETOOL_PLACES.join(' ')} "$CASSANDRA_HOME/bin"; do
  if [ -z "$tool" ] && [ -x "$place/nodetool" ]; then tool=$place/nodetool; fi
done
if [ -z "$tool" ]; then echo '@@absent@@'; exit 0; fi
limit=; command -v timeout >/dev/null 2>&1 && limit='timeout ${COMMAND_SECONDS}'
options=; login_user=; login_file=; private=
exec 3>&1
call() {
  printf '\n@@begin %s@@\n' "$name"
  error=$( { $limit "$tool" $options ${LOGIN_OPTIONS} "$@" 1>&3 </dev/null; } 2>&1 ); code=$?
}
told_file() {
  set +f
  cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' | sed -n 's/^-Dcom\.sun\.management\.jmxremote\.password\.file=//p' | head -n 1
  set -f
}
find_login() {
  for file in "$(told_file)" ${PASSWORD_FILES.join(' ')} "$CASSANDRA_CONF/jmxremote.password"; do
    [ -r "$file" ] || continue
    while read -r user rest || [ -n "$user" ]; do
      case $user in ''|'#'*) ;; *) login_user=$user; login_file=$file; return 0;; esac
    done <"$file"
  done
  return 1
}
ask() {
  name=$1; shift; call "$@"
  case $error in *URISyntaxException*|*'Malformed IPv6'*)
    if [ -z "$options" ]; then options=-Dcom.sun.jndi.rmiURLParsing=legacy; call "$@"; fi;;
  esac
  case $error in *'Authentication failed'*|*'Credentials required'*)
    if [ -z "$login_file" ] && find_login; then call "$@"; fi;;
  esac
  printf '\n@@error %s@@\n%s\n@@end %s %s@@\n' "$name" "$error" "$name" "$code"
  case $error in *'Failed to connect to'*) exit 0;; esac
}`.trim();

/** Takes apart what the script printed; of a command that was tried again only the last try counts. */
export function readBatch(stdout: string): BatchAnswer {
  const results = new Map<string, CommandResult>();
  let current: { readonly name: string; out: string[]; error: string[] | undefined } | undefined;
  let isWithoutNodetool = false;
  let isLoginHomeless = false;
  for (const line of stdout.split('\n')) {
    const [, mark = '', name = '', code] =
      /^@@(begin|error|end|absent|homeless)(?: (\w+)(?: (\d+))?)?@@\r?$/.exec(line) ?? [];
    if (mark === 'absent') isWithoutNodetool = true;
    else if (mark === 'homeless') isLoginHomeless = true;
    else if (mark === 'begin') current = { name, out: [], error: undefined };
    else if (mark === 'error' && current?.name === name) current.error = [];
    else if (mark === 'end' && current?.name === name) {
      results.set(name, resultOf(current.out, current.error ?? [], wholeNumberOf(code ?? '')));
      current = undefined;
    } else (current?.error ?? current?.out)?.push(line);
  }
  return { isWithoutNodetool, isLoginHomeless, results };
}

/** The line end before a mark is the script's, not nodetool's. */
function resultOf(out: readonly string[], error: readonly string[], exitCode: number | undefined): CommandResult {
  return { exitCode: exitCode ?? 1, stdout: out.join('\n'), stderr: error.join('\n') };
}
