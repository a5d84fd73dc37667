import { type Check, NEEDS_ENVIRONMENT, todoOr } from './check.ts';

export const tftpRoot: Check = {
  name: 'TFTP root',
  async run({ config, share }) {
    if (config === null || share === null) return NEEDS_ENVIRONMENT;
    const { kernel, initrd } = config;
    return todoOr(config.tftpRoot, await share.checkTftp({ kernel, initrd }));
  },
};
