import { ask } from './ask.ts';
import { conclude, scenario } from './scenario.ts';

/**
 * The kernel's own tables (proc_pid_net(5)): 0A is a listener, 07 a UDP socket that takes from anybody. What only the
 * machine itself reaches is left out: 127.0.0.0/8, ::1 and its like in IPv4, in the byte order of the processor.
 */
const script = `
for kind in tcp tcp6 udp udp6; do
  case $kind in tcp*) state=0A ;; udp*) state=07 ;; esac
  [ -r /proc/net/$kind ] || continue
  while read -r _ local remote is _; do
    [ "$is" = $state ] || continue
    case \${local%:*} in
      ??????7F | 00000000000000000000000001000000 | 0000000000000000FFFF0000??????7F) continue ;;
    esac
    echo "socket \${kind%6} $((0x\${local##*:}))"
  done </proc/net/$kind
done
ss -Htulpn 2>/dev/null || true`;

/** No port that is not promised. */
export const listening = scenario(
  'listening',
  { contract: 'listening', readOnly: true },
  async ({ guest, contract }) => {
    const answer = await ask(guest, 'read /proc/net/{tcp,tcp6,udp,udp6}; ss -tulpn', script);
    const open = [...answer.matchAll(/^socket (tcp|udp) (\d+)$/gm)].map(([, kind, port]) => ({
      kind: kind as 'tcp' | 'udp',
      port: Number(port),
    }));
    const extra = open.filter(({ kind, port }) => !contract.listening[kind].includes(port));
    const named = [...new Set(extra.map(({ kind, port }) => `${kind} ${port}`))];
    const promised = (['tcp', 'udp'] as const).flatMap((kind) =>
      contract.listening[kind].map((port) => `${kind} ${port}`),
    );
    if (named.length === 0) return conclude([]);
    const wanted =
      promised.length === 0 ? 'nothing to listen' : `nothing to listen but on ${promised.join(', ')}`;
    return conclude([`expected ${wanted}, got ${named.join(', ')}${whose(answer, extra)}`]);
  },
);

/** Who listens there, as ss(8) tells it. */
function whose(answer: string, extra: readonly { port: number }[]): string {
  const names = extra.flatMap(
    ({ port }) => new RegExp(`:${port}\\s.*users:\\(\\("([^"]+)"`).exec(answer)?.[1] ?? [],
  );
  return names.length === 0 ? '' : ` (${[...new Set(names)].join(', ')})`;
}
