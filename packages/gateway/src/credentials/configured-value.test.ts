import { describe, expect, it } from 'vitest';
import { parseConfiguredValue } from './configured-value.js';

describe('parseConfiguredValue', () => {
  it.each([
    ['env:PAY_TOKEN', [{ secret: 'env:PAY_TOKEN' }]],
    ['file:~/secrets/pay token', [{ secret: 'file:~/secrets/pay token' }]],
    [`Bearer \${env:PAY_TOKEN}`, ['Bearer ', { secret: 'env:PAY_TOKEN' }]],
    [`\${env:A}:\${file:./b}!`, [{ secret: 'env:A' }, ':', { secret: 'file:./b' }, '!']],
    ['plain', ['plain']],
    ['', ['']],
    [`$HOME \${HOME} \${vault:x} environment: env:A`, [`$HOME \${HOME} \${vault:x} environment: env:A`]],
  ])('reads %s', (text, parts) => {
    expect(parseConfiguredValue(text)).toEqual({ parts });
  });

  it.each(['env:', 'env:A B', 'env:A=B', 'file:', 'file: ', `\${env:}`, `x \${env:A`, `\${file:}`])(
    'refuses %s',
    (text) => {
      expect(() => parseConfiguredValue(text)).toThrow(/write .*(env:NAME|file:PATH)/);
    },
  );
});
