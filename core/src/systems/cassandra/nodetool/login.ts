/**
 * A login for JMX on its way into a container: two lines of the standard input of an exec, and from there to a file of nodetool's
 * `-pwf`. Neither is part of a command line or of the environment, where any process of the container could read them. The file is readable by
 * its owner only, in memory where the container has such a place, and is gone when the script ends.
 */

/** Of the node's own password file, or of the input. */
export type LoginSource = 'node' | 'input';

export interface JmxLogin {
  readonly user: string;
  readonly password: string;
  /** Where it was found, for people: `the Secret shop-superuser`. */
  readonly from: string;
}

/** What the script reads. It needs no end of the input: it reads two lines. */
export const loginInput = ({ user, password }: JmxLogin): string => `${user}\n${password}\n`;

/** nodetool takes apart the lines of its file at blanks; a user that begins like an option or a comment would be taken for one. */
export function canBeGiven({ user, password }: Pick<JmxLogin, 'user' | 'password'>): boolean {
  return /^[^\s#-]\S*$/.test(user) && /^\S+$/.test(password);
}

/** What the process of another login has left behind: it was killed before it could tidy up. */
const LEFT_BEHIND = String.raw`
  set +f
  for left in "$place"/data-clusters-login-*; do
    [ -d "$left" ] && ! kill -0 "${'$'}{left##*-}" 2>/dev/null && rm -rf "$left"
  done
  set -f`;

/** Sets `login_user` and `login_file`; `private` is the directory that goes at the end. */
export const READ_LOGIN = String.raw`
umask 077
forget() { [ -z "$private" ] || rm -rf "$private"; private=; }
trap forget EXIT; trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 141' PIPE; trap 'exit 143' TERM
unset secret
IFS= read -r login_user; IFS= read -r secret
for place in /dev/shm /tmp /var/tmp; do
  [ -d "$place" ] && [ -w "$place" ] || continue${LEFT_BEHIND}
  if mkdir "$place/data-clusters-login-$$" 2>/dev/null; then private=$place/data-clusters-login-$$; break; fi
done
if [ -z "$private" ]; then echo '@@homeless@@'; exit 0; fi
login_file=$private/password
printf '%s %s\n' "$login_user" "$secret" >"$login_file"; secret=`.trim();
