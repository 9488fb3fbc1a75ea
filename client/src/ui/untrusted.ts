import { plainText } from '#core/live/plainText.ts';

/** The editor makes links of `[text](address)` in notifications, also such that run commands: texts of a cluster must not have any. */
export function inNotification(text: string): string {
  return plainText(text, 1000).replaceAll('](', '] (');
}

/** The editor makes icons of `$(name)` in the rows of a pick. */
export function inPick(text: string): string {
  return plainText(text).replaceAll('$(', '$ (');
}
