/** Random departures for the tests: few stops and berths, so that everything collides. */
import fc from "fast-check";
import type { DeparturePlan, SeatRequest } from "dabbawala/scenarios/irctc";

export interface Departure {
  readonly plan: DeparturePlan;
  readonly requests: readonly SeatRequest[];
}

const quotas = ["general", "ladies", "senior", "defence"] as const;

export function departures(most: { requests: number; group: number }): fc.Arbitrary<Departure> {
  return fc
    .record({
      stretches: fc.integer({ min: 1, max: 5 }),
      berths: fc.tuple(...quotas.map(() => fc.integer({ min: 0, max: 2 }))),
    })
    .chain(({ stretches, berths }) => {
      const [general, ladies, senior, defence] = berths as [number, number, number, number];
      const plan = {
        berths: general + ladies + senior + defence,
        quotas: { general, ladies, senior, defence },
        stretches,
      };
      const request = fc.record({
        ends: fc.tuple(fc.nat(stretches), fc.nat(stretches)).filter(([a, b]) => a !== b),
        quota: fc.constantFrom(...quotas),
        bookedMs: fc.nat(5), // ties are decided by the number
        passengers: fc.integer({ min: 1, max: most.group }),
      });
      return fc.array(request, { maxLength: most.requests }).map((list) => ({
        plan,
        requests: list.map(({ ends: [a, b], ...rest }, i): SeatRequest => {
          return { id: i + 1, from: Math.min(a, b), to: Math.max(a, b), ...rest };
        }),
      }));
    });
}
