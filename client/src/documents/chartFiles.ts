/** Whether a path is that of a file which describes a Helm chart or its values, or of a template; by its name alone. */
export function isOfChart(path: string): boolean {
  return /\/(?:Chart|requirements)\.yaml$|\/(?:values[^/]*|[^/]*[-._]values)\.ya?ml$|\/templates\/(?:.*\/)?[^/]+\.(?:ya?ml|tpl|txt)$/.test(
    path,
  );
}
