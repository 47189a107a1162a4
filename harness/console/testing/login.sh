#!/bin/sh
# What `login` does after agetty asked for the name: asks for the password, flushes what was typed before, starts a shell.
# Usage: login.sh [-f] [--] NAME   (the expected name and password are in GUEST_USER and GUEST_PASSWORD)
[ "$1" = -f ] && { echo "Last login: never on ttyS0"; exec bash --norc; }
[ "$1" = -- ] && shift
name=$1
tries=0
while :; do
  if [ -z "$name" ]; then
    printf 'guest login: '
    IFS= read -r name || exit 1
    continue
  fi
  saved=$(stty -g)
  stty -echo
  printf 'Password: '
  IFS= read -r password || exit 1
  stty "$saved"
  echo
  [ "$name" = "$GUEST_USER" ] && [ "$password" = "$GUEST_PASSWORD" ] && exec bash --norc
  echo 'Login incorrect'
  tries=$((tries + 1))
  [ $tries -ge 5 ] && exit 1
  name=
done
