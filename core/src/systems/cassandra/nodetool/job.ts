import { batchScript, LOGIN_OPTIONS, quote } from '#core/systems/cassandra/nodetool/batch.ts';
import type { LoginSource } from '#core/systems/cassandra/nodetool/login.ts';
import { linesOf, wholeNumberOf } from '#core/systems/cassandra/nodetool/text.ts';

/**
 * A command of nodetool that takes minutes or hours. No exec is held open for so long: the command is begun beside it in the container, and
 * what it prints and its exit code are kept in files under its token, from where anybody reads them later. A container that is restarted
 * loses the command, and is seen to have lost it: the process is known by its number and by when it began.
 */

/** How a command is, by what is kept in the container. */
export type JobState =
  /** Nothing of that token was begun in this container. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'running'; readonly said: string }
  | { readonly kind: 'ended'; readonly exitCode: number; readonly said: string }
  /** It was begun, and its process is gone without a word. */
  | { readonly kind: 'lost' }
  /** There is no place in the container where something could be kept. */
  | { readonly kind: 'nowhere' };

/** The end of what it printed is enough: the reason of a failure, or how far it is. */
const TAIL_BYTES = 3000;

/** `/dev/shm` is there where the file system of the image may not be written. */
const PLACES = ['/tmp', '/dev/shm', '/var/tmp'];

/** nodetool reads its login when it starts, and is not asked for it again. */
const LOGIN_SECONDS = 120;

const FUNCTIONS = String.raw`
place_of() {
  for place in ${PLACES.join(' ')}; do
    if [ -d "$place" ] && [ -w "$place" ]; then base=$place/data-clusters-$1; return 0; fi
  done
  return 1
}
begin_of() { set -- $(cat "/proc/$1/stat" 2>/dev/null); echo "$3 ${'$'}{22}"; }
look() {
  if ! place_of "$1"; then printf '\n@@job nowhere@@\n@@over@@\n'; return; fi
  state=absent
  if [ -f "$base.code" ]; then state="ended $(cat "$base.code")"
  elif [ -f "$base.pid" ]; then
    state=lost
    read -r pid begun <"$base.pid"
    now=$(begin_of "$pid")
    case $now in [ZX]*|' ') ;; *" $begun") state=running;; esac
  fi
  printf '\n@@job %s@@\n' "$state"
  [ -f "$base.out" ] && tail -c ${TAIL_BYTES} "$base.out"
  printf '\n@@over@@\n'
}
begin() {
  token=$1; shift
  if place_of "$token" && [ ! -f "$base.pid" ]; then
    umask 077
    export tool options login_user login_file private base
    sh -c 'trap "" HUP; set -f
echo "$$ $(set -- $(cat /proc/$$/stat); echo ${'$'}{22})" >"$base.pid"
if [ -n "$private" ]; then
  mine=${'$'}{private%-*}-$$; mv "$private" "$mine"; login_file=$mine/password
  { sleep ${LOGIN_SECONDS}; rm -rf "$mine"; } &
fi
"$tool" $options ${LOGIN_OPTIONS} "$@" >"$base.out" 2>&1; code=$?
[ -z "$private" ] || rm -rf "$mine"
echo $code >"$base.part"; mv "$base.part" "$base.code"' job "$@" </dev/null >/dev/null 2>&1 3>&- &
    private=
    tries=0
    while [ ! -f "$base.pid" ] && [ $tries -lt 5 ]; do tries=$((tries + 1)); sleep 1; done
  fi
  look "$token"
}`.trim();

/** Begins a command unless one of that token was begun before; for `sh -c`. What nodetool needs to log in is found out by `netstats` first. */
export function beginScript(token: string, args: readonly string[], login: LoginSource = 'node'): string {
  const begin = `begin ${tokenText(token)} ${args.map(quote).join(' ')}`;
  return batchScript([{ name: 'mode', args: ['netstats'] }], { more: [FUNCTIONS, begin], login });
}

export function lookScript(token: string): string {
  return [FUNCTIONS, `look ${tokenText(token)}`].join('\n');
}

/** Part of the name of a file. */
const tokenText = (token: string): string => token.replaceAll(/[^\w-]/g, '-').slice(-120);

/** Undefined when the script did not come so far, as when JMX is closed. */
export function readJob(stdout: string): JobState | undefined {
  const lines = linesOf(stdout);
  const at = lines.findIndex((line) => line.startsWith('@@job '));
  const [, kind, code = ''] = /^@@job (absent|running|ended|lost|nowhere)(?: (\d+))?@@/.exec(lines[at] ?? '') ?? [];
  const over = lines.indexOf('@@over@@', at + 1);
  const said = lines
    .slice(at + 1, over === -1 ? undefined : over)
    .join('\n')
    .trim();
  if (kind === 'ended') return { kind, exitCode: wholeNumberOf(code) ?? 1, said };
  if (kind === 'running') return { kind, said };
  return kind === 'absent' || kind === 'lost' || kind === 'nowhere' ? { kind } : undefined;
}
