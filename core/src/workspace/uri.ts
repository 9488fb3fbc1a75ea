/** The URI of a path as a kustomization writes it: relative to a folder, or absolute. */
export function resolveUri(folder: string, path: string): string {
  const root = /^[a-z][\w+.-]*:\/\/[^/]*/i.exec(folder)?.[0] ?? '';
  const steps = path.startsWith('/') ? [] : folder.slice(root.length).split('/').slice(1);
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(encodeStep(step));
  }
  return `${root}/${steps.join('/')}`;
}

/** As the URIs of editors have it, which encode a little more than the language does. */
function encodeStep(step: string): string {
  const encoded = encodeURIComponent(step);
  return encoded.replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
