import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';

/** Who runs an operation from here: user, machine and something that no other run has. */
export function runnerName(): string {
  return `${userName()}@${hostname()} (${randomUUID().slice(0, 8)})`;
}

/** A container may run under a number that nobody has given a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}
