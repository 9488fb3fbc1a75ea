import { quoteText } from '#core/lint/structure/describe.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { isMissing, placeOf, rolesOf, valueOf } from '#core/systems/kafka/brokerConfig.ts';
import { nodeIdsOf, viewBrokers, type BrokerGroup } from '#core/systems/kafka/brokers.ts';
import { malformedVoters, parseVoters } from '#core/systems/kafka/listeners.ts';

const VOTERS = 'controller.quorum.voters';
const START = 'The broker does not start.';

export const nodeAndVoters: ObjectRule = {
  id: 'KAF06',
  title: 'A node and the list of controllers do not fit together',
  severity: 'error',
  source: 'Kafka 4.3 KafkaConfig.validateValues and QuorumConfig; tried with the classes of 4.3.1',
  fixable: false,
  refusedBy: 'nobody',
  why: `A node of a KRaft cluster has a number, and it knows the controllers by theirs. A controller must stand in
\`controller.quorum.voters\` with its own number, a node that is only a broker must not, and every node needs either that list or
\`controller.quorum.bootstrap.servers\`. Kafka checks all of this when it starts and stops at once when it does not fit.`,
  subject: 'object',
  check: (object, report) => {
    for (const group of viewBrokers(object)) {
      checkMalformed(group, report);
      checkMissing(group, report);
      checkMembership(group, report);
    }
  },
};

function checkMalformed({ config }: BrokerGroup, report: Report): void {
  const setting = config.settings.get(VOTERS);
  const [entry] = malformedVoters(setting?.value ?? '');
  if (!setting || entry === undefined) return;
  const message = `${quoteText(entry)} in ${setting.written} is not written as id@host:port. ${START}`;
  report({ ...placeOf(setting), cause: 'invalid', message });
}

function checkMissing({ config, home }: BrokerGroup, report: Report): void {
  if (!rolesOf(config)) return;
  if (isMissing(config, 'node.id') && isMissing(config, 'broker.id')) {
    report({ at: home, cause: 'required', message: `process.roles is set, but node.id is not. ${START}` });
  }
  if (isMissing(config, VOTERS) && isMissing(config, 'controller.quorum.bootstrap.servers')) {
    const message = `process.roles is set, but neither ${VOTERS} nor controller.quorum.bootstrap.servers is. ${START}`;
    report({ at: home, cause: 'required', message });
  }
}

function checkMembership(group: BrokerGroup, report: Report): void {
  const roles = rolesOf(group.config);
  const setting = group.config.settings.get(VOTERS);
  const ids = nodeIdsOf(group);
  const voters = parseVoters(valueOf(group.config, VOTERS))?.map(({ id }) => id);
  if (!roles || !setting || !ids || !voters) return;
  const isController = roles.has('controller');
  const wrong = ids.filter((id) => voters.includes(id) !== isController);
  if (wrong.length === 0) return;
  const nodes = wrong.length === 1 ? `Node ${wrong.join()} is` : `Nodes ${wrong.join(', ')} are`;
  const message = isController
    ? `${nodes} to be a controller, but ${setting.written} does not name ${wrong.length === 1 ? 'it' : 'them'}. ${START}`
    : `${nodes} no controller, but ${setting.written} names ${wrong.length === 1 ? 'it' : 'them'}. ${START}`;
  report({ ...placeOf(setting), cause: 'invalid', message });
}
