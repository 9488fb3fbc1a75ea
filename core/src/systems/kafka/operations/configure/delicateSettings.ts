/**
 * Settings that are not like others, by their names. What a broker says of a setting (that it is sensitive, that only a restart changes
 * it) counts besides.
 */

export interface Delicacy {
  readonly names: RegExp;
  /** `refused`: not changed here at all. `consent`: a person has to agree to what it may cost. */
  readonly verdict: 'refused' | 'consent';
  /** A sentence without its end, after the name of the setting. */
  readonly why: string;
  readonly fix: string;
}

/** The first row that fits counts. */
const delicacies: readonly Delicacy[] = [
  {
    names:
      /(?:password|\.secret(?:\.key)?|secret\.key|jaas\.config|keystore\.key|master\.key|keystore\.certificate\.chain|(?:^|\.)(?:token|credentials?|passphrase|private\.key|api\.?key))$/,
    verdict: 'refused',
    why: 'is a secret, and would be written down where everybody can read it',
    fix: 'Change it where it is kept, in its Secret, and restart the brokers.',
  },
  {
    names:
      /^(?:node\.id|broker\.id|reserved\.broker\.max\.id|broker\.id\.generation\.enable|process\.roles|cluster\.id)$/,
    verdict: 'refused',
    why: 'says who a node is; with another value it is a stranger to its own data',
    fix: 'Add nodes and take others away instead.',
  },
  {
    names: /^(?:log\.dirs?|metadata\.log\.dir)$/,
    verdict: 'refused',
    why: 'says where the data is; with another value a broker starts empty',
    fix: 'Add a volume and move replicas to it by hand.',
  },
  {
    names:
      /^(?:controller\.quorum\.(?:voters|bootstrap\.servers)|controller\.listener\.names|zookeeper\..+|zookeeper\.connect)$/,
    verdict: 'refused',
    why: 'says how nodes find their controllers, and nodes with different values do not find each other',
    fix: 'Change it with every node stopped, or by the procedure of Kafka for its controllers.',
  },
  {
    names:
      /^(?:listeners|advertised\.listeners|listener\.security\.protocol\.map|inter\.broker\.listener\.name|security\.inter\.broker\.protocol|control\.plane\.listener\.name)$/,
    verdict: 'consent',
    why: 'says how brokers are reached; with a wrong value clients and other brokers find nobody',
    fix: 'Compare it with what runs, letter by letter, and agree to it.',
  },
  {
    names: /^(?:listener\.name\..+|sasl\..+|ssl\..+|authorizer\..+|super\.users|principal\.builder\.class)$/,
    verdict: 'consent',
    why: 'says who may log in; with a wrong value clients and other brokers are turned away',
    fix: 'Make sure that every client fits it, and agree to it.',
  },
  {
    names: /^unclean\.leader\.election\.enable$/,
    verdict: 'consent',
    why: 'decides whether records may be lost so that somebody leads',
    fix: 'Agree to it.',
  },
];

export function delicacyOf(name: string): Delicacy | undefined {
  return delicacies.find(({ names }) => names.test(name));
}
