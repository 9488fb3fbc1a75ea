import { basename } from 'node:path';
import { URI } from 'vscode-uri';
import { CONFIG_FILE_NAME } from '#core/lint/config.ts';
import { LIVE_SCHEME } from '#core/protocol.ts';

/** The path of a `file:` URI on this computer; undefined for every other scheme. */
export function pathOfUri(uri: string): string | undefined {
  const parsed = URI.parse(uri);
  return parsed.scheme === 'file' ? parsed.fsPath : undefined;
}

export function uriOfPath(path: string): string {
  return URI.file(path).toString();
}

/** The one way to write the URI of a file, however the client writes it, so that a file is known once. */
export function indexUri(uri: string): string {
  const path = pathOfUri(uri);
  return path === undefined ? uri : uriOfPath(path);
}

/** Something like a path for any URI, to tell by its name what a file is for. */
export function pathLikeOfUri(uri: string): string {
  return pathOfUri(uri) ?? URI.parse(uri).path;
}

export function isConfigFile(path: string): boolean {
  return basename(path) === CONFIG_FILE_NAME;
}

/** Whether a document shows an object of a live cluster, which is no part of the workspace. */
export function isLiveUri(uri: string): boolean {
  return uri.startsWith(`${LIVE_SCHEME}:`);
}
