/** The player's bundle defines it: a script of its own, before ours. */
declare const AsciinemaPlayer: typeof import('asciinema-player');
