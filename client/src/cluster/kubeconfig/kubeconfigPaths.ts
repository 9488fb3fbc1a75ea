import { homedir } from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The files that count, in their order: those that were chosen, else those of KUBECONFIG, else ~/.kube/config. */
export function kubeconfigPaths(chosen: readonly string[], environment: Environment): readonly string[] {
  const named = chosen.filter((name) => name.trim() !== '');
  if (named.length > 0) return unique(named.map((name) => path.resolve(expandHome(name.trim(), environment))));
  const listed = (environment['KUBECONFIG'] ?? '').split(path.delimiter).filter((name) => name !== '');
  if (listed.length > 0) return unique(listed.map((name) => path.resolve(name)));
  return [path.join(homeOf(environment), '.kube', 'config')];
}

const expandHome = (name: string, environment: Environment): string =>
  /^~(?=$|[\\/])/.test(name) ? path.join(homeOf(environment), name.slice(1)) : name;

const homeOf = (environment: Environment): string => environment['HOME'] ?? environment['USERPROFILE'] ?? homedir();

const unique = (names: readonly string[]): string[] => [...new Set(names)];
