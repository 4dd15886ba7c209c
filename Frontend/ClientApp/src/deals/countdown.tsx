import { text } from "../i18n";
import { countdownParts } from "../shell/now";

interface CountdownProps {
  label: string;
  seconds: number;
  testId?: string;
}

/** What a countdown runs to, and how long it is until then. */
export function Countdown({ label, seconds, testId = "countdown" }: CountdownProps) {
  const { days, digits } = countdownParts(seconds);
  return (
    <span class="countdown" role="timer" data-testid={testId} data-seconds={seconds}>
      <span class="countdown-label">{label}</span>
      {days > 0 && <span>{text("deal.days", { n: days })}</span>}
      <span class="countdown-digits">
        {digits.map((pair, index) => (
          <span key={index}>
            {index > 0 && <i>:</i>}
            <b>{pair}</b>
          </span>
        ))}
      </span>
    </span>
  );
}
