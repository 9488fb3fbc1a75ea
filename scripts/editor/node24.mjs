// The Node that development and tests use. It comes with `npm ci`, whatever Node the machine has.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { packageVersion } from './commands.mjs';
import { inProject } from './paths.mjs';

const packageOfNode = inProject('node_modules', 'node');

/** The version, such as 24.21.0. */
export const node24Version = () => packageVersion('node');

/** The program. */
export const node24Program = () => path.join(packageOfNode, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/**
 * The folder that carries the headers native modules are compiled against, so that nothing but npm is needed;
 * undefined when the platform's package has no headers (npm then looks for them by itself).
 */
export function node24Headers() {
  return [path.join(packageOfNode, 'node_modules'), inProject('node_modules')]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)))
    .find((folder) => existsSync(path.join(folder, 'include', 'node', 'node.h')));
}

/**
 * An environment in which `node` means Node 24. The user agent that an outer npm hands on names the Node that npm runs on,
 * and code-server's installation believes it, so an inner npm has to make its own.
 */
export function node24Environment() {
  const { npm_config_user_agent: _, ...environment } = process.env;
  const program = path.dirname(node24Program());
  return { ...environment, PATH: [program, environment.PATH ?? ''].join(path.delimiter) };
}
