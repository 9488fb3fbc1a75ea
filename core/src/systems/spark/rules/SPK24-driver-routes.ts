import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { APACHE_APPLICATION } from '#core/systems/spark/rules/job.ts';

const ROUTES = [
  { list: 'driverHttpRouteList', route: 'httpRoute' },
  { list: 'driverGrpcRouteList', route: 'grpcRoute' },
];

export const driverRoutes: ObjectRule = {
  id: 'SPK24',
  title: 'A route to the driver lacks its Service, its name or its gateway',
  severity: 'error',
  source: 'apache/spark-kubernetes-operator 1.0.0 driver route checks of the application reconciler',
  fixable: false,
  refusedBy: 'nobody',
  why: `For every route the operator makes a Service and a route of the Gateway API that points at it. It needs the spec of the Service, the names
of both and at least one parent gateway. Without them it moves the application to Failed before anything runs.`,
  subject: 'object',
  kinds: [APACHE_APPLICATION],
  check: ({ spec }, report) => {
    for (const { list, route } of ROUTES) {
      for (const item of spec.field(list).items) checkRoute(item, route, report);
    }
  },
};

function checkRoute(item: NodeView, route: string, report: Report): void {
  const parents = item.at(`${route}Spec`, 'parentRefs');
  const needed = [
    item.field('serviceSpec'),
    item.at('serviceMetadata', 'name'),
    item.at(`${route}Metadata`, 'name'),
    parents,
  ];
  for (const view of needed) {
    const isEmpty = view === parents && view.content?.kind === 'sequence' && view.items.length === 0 && !view.isOpen;
    if (!view.isAbsent && !isEmpty) continue;
    report({
      at: view.isPresent ? view : nearest(view, item),
      path: view.path,
      cause: 'required',
      message: `${relative(view, item)} is missing in this route to the driver. The Apache Spark K8s Operator moves the application to Failed.`,
    });
  }
}

/** The innermost object that is there, to underline. */
function nearest(view: NodeView, item: NodeView): NodeView {
  return view.parent?.isPresent ? view.parent : item;
}

function relative(view: NodeView, item: NodeView): string {
  return view.path.slice(item.path.length + 1);
}
