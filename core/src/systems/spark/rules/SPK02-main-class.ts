import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { jobSpec, JOBS } from '#core/systems/spark/rules/job.ts';

/** How the files of a language end, as spark-submit tells them apart. */
const FILES: Readonly<Record<string, { readonly end: RegExp; readonly names: string }>> = {
  Java: { end: /\.jar$/i, names: 'a .jar file' },
  Scala: { end: /\.jar$/i, names: 'a .jar file' },
  Python: { end: /\.(?:py|zip|egg)$/i, names: 'a .py file' },
  R: { end: /\.r$/i, names: 'an .R file' },
};

const JVM = ['Java', 'Scala'];

export const mainClass: ObjectRule = {
  id: 'SPK02',
  title: 'The type of the application, its file and its main class do not go together',
  severity: 'warning',
  source: 'Apache Spark 4.0 SparkSubmit.prepareSubmitEnvironment; spark-operator 2.5.2 documentation of type',
  fixable: false,
  refusedBy: 'nobody',
  why: `spark-submit looks at the end of the file name, and a jar needs a main class: one that the application names, or one in the manifest of
the jar. What does not fit fails at submission, after the operator has accepted the application.`,
  subject: 'object',
  kinds: JOBS,
  check: (object, report) => {
    const spec = jobSpec(object);
    const { text: type } = spec.field('type');
    if (type === undefined) return;
    checkFile(spec.field('mainApplicationFile'), type, report);
    const view = spec.field('mainClass');
    if (JVM.includes(type) && view.isAbsent) {
      report({
        at: view,
        cause: 'required',
        message: `A ${type} application has no mainClass. Submission fails unless the manifest of its jar names one.`,
      });
    } else if (!JVM.includes(type) && view.isPresent && FILES[type]) {
      report({
        at: view,
        cause: 'forbidden',
        severity: 'hint',
        message: `A ${type} application has no main class; mainClass means nothing here.`,
      });
    }
  },
};

function checkFile(file: NodeView, type: string, report: Report): void {
  const wanted = FILES[type];
  const { text } = file;
  if (!wanted || text === undefined || wanted.end.test(text)) return;
  const other = Object.keys(FILES).find((language) => FILES[language]?.end.test(text));
  if (other === undefined) return;
  report({
    at: file,
    cause: 'invalid',
    message: `A ${type} application wants ${wanted.names}, but ${quoteText(text)} is a file of ${other === 'Java' ? 'Java or Scala' : other}.`,
  });
}
