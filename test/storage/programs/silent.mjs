// A share process whose file server never answers.
process.on('message', () => {});
