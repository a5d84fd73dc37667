import ssh2 from 'ssh2';

/**
 * An Ed25519 key pair in OpenSSH's formats. About one in 256 that ssh2 makes is malformed,
 * since it drops a leading zero of the key: such a one is made anew.
 */
export function newKeyPair(): { private: string; public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}
