# The prompt as NixOS sets it: an empty line, then a title escape inside of a bold red prompt.
PS1='\n\[\033[1;31m\][\[\e]0;\u@\h: \w\a\]\u@\h:\w]\$\[\033[0m\] '
