import type { JSX } from "preact";

function Icon({ children, fill }: { children: JSX.Element | JSX.Element[]; fill?: boolean }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      width="24"
      height="24"
      aria-hidden="true"
      focusable="false"
      fill={fill ? "currentColor" : "none"}
      stroke={fill ? "none" : "currentColor"}
      stroke-width="1.9"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      {children}
    </svg>
  );
}

const heart = "M12 20.4 4.3 12.9a4.9 4.9 0 0 1 6.9-7l.8.8.8-.8a4.9 4.9 0 0 1 6.9 7L12 20.4Z";

export const HeartIcon = ({ fill }: { fill?: boolean }) => (
  <Icon fill={fill ?? false}>
    <path d={heart} />
  </Icon>
);
export const EyeIcon = () => (
  <Icon>
    <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z" />
    <circle cx="12" cy="12" r="2.8" />
  </Icon>
);
export const BubbleIcon = () => (
  <Icon>
    <path d="M4 5.5h16a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5h-8.5L7 21v-3.5H4A1.5 1.5 0 0 1 2.5 16V7A1.5 1.5 0 0 1 4 5.5Z" />
  </Icon>
);
export const BackIcon = () => (
  <Icon>
    <path d="m14.5 5-7 7 7 7" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="M6 6l12 12M18 6 6 18" />
  </Icon>
);
export const SendIcon = () => (
  <Icon>
    <path d="M4 12 20 4.5 15.5 20l-3.6-6.4L4 12Zm7.9 1.6L20 4.5" />
  </Icon>
);
export const ShareIcon = () => (
  <Icon>
    <path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.5 1.5" />
    <path d="M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.5-1.5" />
  </Icon>
);
export const SettingsIcon = () => (
  <Icon>
    <path d="M4 7h9M17 7h3M4 17h3M11 17h9" />
    <circle cx="15" cy="7" r="2" />
    <circle cx="9" cy="17" r="2" />
  </Icon>
);
export const StyleIcon = () => (
  <Icon>
    <path d="M5 19 10.5 5h1L17 19M7 14h8" />
    <path d="M19.5 5v4M17.5 7h4" />
  </Icon>
);
export const BroadcastIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="2.4" />
    <path d="M7.4 16.6a6.5 6.5 0 0 1 0-9.2M16.6 7.4a6.5 6.5 0 0 1 0 9.2M4.6 19.4a10.5 10.5 0 0 1 0-14.8M19.4 4.6a10.5 10.5 0 0 1 0 14.8" />
  </Icon>
);
export const UserIcon = () => (
  <Icon>
    <circle cx="12" cy="8.2" r="3.7" />
    <path d="M4.8 20c.9-3.6 3.7-5.5 7.2-5.5s6.300 1.900 7.200 5.500" />
  </Icon>
);
export const ChevronIcon = () => (
  <Icon>
    <path d="m6 15 6-6 6 6" />
  </Icon>
);
export const MoreIcon = () => (
  <Icon fill>
    <circle cx="5.5" cy="12" r="1.7" />
    <circle cx="12" cy="12" r="1.7" />
    <circle cx="18.5" cy="12" r="1.7" />
  </Icon>
);
export const PinIcon = () => (
  <Icon>
    <path d="M9 4h6l-1 6 3 3H7l3-3-1-6ZM12 13v7" />
  </Icon>
);
export const MuteIcon = () => (
  <Icon>
    <path d="M4 9.5h3.5L12 5.500v13l-4.500-4H4v-5Z" />
    <path d="m16 9.500 5 5M21 9.500l-5 5" />
  </Icon>
);
export const FlyIcon = ({ off }: { off?: boolean }) => (
  <Icon>
    <path d="M3 7h11M10 12h11M5 17h9" />
    <path d={off ? "M4 21 20 3" : "M18 7h3M3 12h3M18 17h3"} />
  </Icon>
);
export const PollIcon = () => (
  <Icon>
    <path d="M5 20V11M12 20V4M19 20v-6" />
  </Icon>
);
export const GiftIcon = () => (
  <Icon>
    <path d="M4 11h16v9H4v-9ZM3 7.500h18V11H3V7.500ZM12 7.500V20" />
    <path d="M12 7.500C8 7.500 7.300 3.500 9.500 3.500 11.500 3.500 12 7.500 12 7.500s.5-4 2.500-4c2.200 0 1.500 4-2.500 4Z" />
  </Icon>
);
export const QuestionIcon = () => (
  <Icon>
    <path d="M9 9.200a3 3 0 1 1 4.600 2.500c-1 .7-1.600 1.300-1.600 2.500" />
    <path d="M12 17.500v.01" />
    <circle cx="12" cy="12" r="9.200" />
  </Icon>
);
export const CrownIcon = () => (
  <Icon>
    <path d="M4 18.500h16M4.500 15.500 3.500 7l4.800 3.500L12 5l3.700 5.500L20.500 7l-1 8.500h-15Z" />
  </Icon>
);
export const CheckIcon = () => (
  <Icon>
    <path d="m5 12.500 4.500 4.500L19 7.500" />
  </Icon>
);
export const UpIcon = () => (
  <Icon>
    <path d="M12 19V5.500M6 11l6-6 6 6" />
  </Icon>
);
export const ConsoleIcon = () => (
  <Icon>
    <path d="M4 5h16v11H4V5ZM9 20h6M12 16v4" />
    <path d="m8 12 2.500-3 2.500 2 3-3.500" />
  </Icon>
);
export const PlayIcon = () => (
  <Icon fill>
    <path d="M8 5.200v13.600a.8.8 0 0 0 1.200.7l10.600-6.800a.8.8 0 0 0 0-1.400L9.200 4.500a.8.8 0 0 0-1.200.7Z" />
  </Icon>
);
export const PauseIcon = () => (
  <Icon fill>
    <path d="M7 5h3.500v14H7V5ZM13.500 5H17v14h-3.500V5Z" />
  </Icon>
);
export const MinusIcon = () => (
  <Icon>
    <path d="m6 9.500 6 6 6-6" />
  </Icon>
);
export const BoltIcon = () => (
  <Icon>
    <path d="M13.5 3 5 13.500h6L10 21l8.500-10.500h-6L13.500 3Z" />
  </Icon>
);
export const BagIcon = () => (
  <Icon>
    <path d="M5 8h14l1 11.500a1.300 1.300 0 0 1-1.300 1.500H5.300A1.300 1.300 0 0 1 4 19.500L5 8Z" />
    <path d="M8.500 10.500V7a3.500 3.500 0 0 1 7 0v3.500" />
  </Icon>
);
export const PlusIcon = () => (
  <Icon>
    <path d="M12 5v14M5 12h14" />
  </Icon>
);
export const LessIcon = () => (
  <Icon>
    <path d="M5 12h14" />
  </Icon>
);
export const ClockIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="9" />
    <path d="M12 7v5l3.500 2" />
  </Icon>
);
export const BellIcon = () => (
  <Icon>
    <path d="M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 1.500h-15L6 16.500Z" />
    <path d="M10 20.500h4" />
  </Icon>
);
export const SearchIcon = () => (
  <Icon>
    <circle cx="10.800" cy="10.800" r="6.300" />
    <path d="m15.500 15.500 4.500 4.500" />
  </Icon>
);
export const ReplyIcon = () => (
  <Icon>
    <path d="M9.500 6 4 11.500 9.500 17M4.500 11.500H14a6 6 0 0 1 6 6" />
  </Icon>
);
export const SmileIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="9" />
    <path d="M8.500 14.500a4.500 4.500 0 0 0 7 0M9 9.500v.01M15 9.500v.01" />
  </Icon>
);
export const PeopleIcon = () => (
  <Icon>
    <circle cx="9" cy="8.500" r="3.200" />
    <path d="M3 19.500c.7-3.300 3-5 6-5s5.300 1.700 6 5M15.500 5.600a3.200 3.200 0 0 1 0 5.800M17.500 14.900c1.900.7 3 2.200 3.500 4.600" />
  </Icon>
);
export const SpeakerIcon = () => (
  <Icon>
    <path d="M4 10v4h3l7 4V6l-7 4H4Z" />
    <path d="M17.500 9.500a3.500 3.500 0 0 1 0 5" />
  </Icon>
);
