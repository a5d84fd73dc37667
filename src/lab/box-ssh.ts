import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import ssh2 from 'ssh2';
import { answerCommand, type BoxFacts } from './box-commands.ts';

/** The SSH daemon of a running virtual testbox. */
export interface BoxSsh {
  /** Every connection is cut at once, as when the power goes. */
  stop(): Promise<void>;
}

/** Listens until stopped. Only the one authorized key gets in; `reboot` calls `onReboot`. */
export async function startBoxSsh(box: {
  host: string;
  port: number;
  /** OpenSSH private format. */
  hostKey: string;
  /** `type base64` of the one key that may log in. */
  authorizedKey: string;
  facts: () => BoxFacts;
  onReboot: () => void;
}): Promise<BoxSsh> {
  const ssh = new ssh2.Server({ hostKeys: [box.hostKey] }, (client) => {
    // Cut connections and port scans: nothing for the box to do.
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      if (isAuthorized(context, box.authorizedKey)) context.accept();
      else context.reject(['publickey']);
    });
    client.on('session', (accept) => {
      const session = accept();
      session.on('exec', (acceptExec, _reject, info) => {
        const channel = acceptExec();
        const answer = answerCommand(info.command, box.facts());
        channel.write(answer.output);
        channel.exit(answer.status);
        channel.end();
        if (answer.reboots) box.onReboot();
      });
    });
  });
  const sockets = new Set<Socket>();
  // As sshd does: with small packets held back, every exchange would take 40 ms.
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    ssh.injectSocket(socket);
  });
  server.listen(box.port, box.host);
  await once(server, 'listening');
  return {
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function isAuthorized(context: ssh2.AuthContext, authorizedKey: string): boolean {
  if (context.method !== 'publickey') return false;
  const key = ssh2.utils.parseKey(authorizedKey);
  if (key instanceof Error || !context.key.data.equals(key.getPublicSSH())) return false;
  // Without a signature the client only asks whether the key would do.
  if (context.signature === undefined || context.blob === undefined) return true;
  return key.verify(context.blob, context.signature, context.hashAlgo) === true;
}
