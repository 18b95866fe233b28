import { defineConfig, matchAction, matchAll, matchContextGt, matchSystem, Wave } from 'sallyport';

export default defineConfig({
  upstreams: { payments: { command: 'npx', args: ['-y', 'your-payment-server'] } },
  evaluators: [
    {
      name: 'risk',
      kind: 'risk',
      rules: [
        {
          name: 'high_value_refund',
          match: matchAll(matchSystem('stripe'), matchAction('refund'), matchContextGt('amount', 100)),
          score: 30,
          minWave: Wave.REVIEW,
          reason: 'Refund over $100',
        },
      ],
    },
    {
      name: 'large-transfers',
      use: async ({ target, args }) => {
        const { amount = 0 } = (args ?? {}) as { amount?: number };
        if (target.name === 'send_money' && !(amount <= 10_000))
          return { effect: 'ask', reason: 'Large transfer needs review' };
        return { effect: 'allow', reason: 'OK' };
      },
    },
  ],
});
