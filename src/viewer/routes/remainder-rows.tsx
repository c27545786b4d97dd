import type { Remainder, RoutesAnswer } from '../../collector/api-types.ts';
import { formatMs } from '../model/format.ts';
import { FunctionName } from '../parts/function-name.tsx';
import { Share } from '../parts/share.tsx';

/** Below the routes: CPU time that is in no route's row, so that nothing is left out unsaid. */
export function RemainderRows({ answer }: { answer: RoutesAnswer }) {
  const { otherRoots, unattributed, unsampledMs } = answer;
  return (
    <>
      {otherRoots.cpuMs > 0 && (
        <Row
          name="Other root spans"
          hint="In and below root spans that are no request, such as background jobs, or whose span has not been received"
          of={otherRoots}
        />
      )}
      <Row
        name="Unattributed"
        hint="Outside of any living span: Node reading a request before its span begins, the server's own timers, start-up"
        of={unattributed}
      />
      {unsampledMs > 0 && (
        <tr>
          <td title="Used while no request was alive and the sampler slept; in no other figure">Not sampled</td>
          <td />
          <td />
          <td className="wide-only" />
          <td className="wide-only" />
          <td className="number">{formatMs(unsampledMs)}</td>
          <td />
          <td className="wide-only" />
          <td className="wide-only" />
        </tr>
      )}
    </>
  );
}

function Row({ name, hint, of }: { name: string; hint: string; of: Remainder }) {
  return (
    <tr>
      <td title={hint}>{name}</td>
      <td />
      <td />
      <td className="wide-only" />
      <td className="wide-only" />
      <td className="number">{formatMs(of.cpuMs)}</td>
      <td className="number">
        <Share value={of.share} />
      </td>
      <td className="wide-only">{of.topFunction !== null && <FunctionName {...of.topFunction} />}</td>
      <td className="wide-only" />
    </tr>
  );
}
