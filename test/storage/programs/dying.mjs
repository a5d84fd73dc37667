// A share process that dies at its first call.
process.on('message', () => process.exit(3));
