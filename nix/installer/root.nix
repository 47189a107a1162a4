# Root's password is empty, for whoever is at the machine.
{ lib, ... }:
{
  users.users.root = {
    # The SHA-512 crypt hash of "": login still prompts for a password, which an empty field would not do.
    hashedPassword = "$6$nixosinstaller$0FjRjBh26CaQehDtS5cgwr3FxiNQsQqcz2hVnRKvfOuIxoI7/cfiNMd8KDGs..OLYJ.lcAvhOeIQ7hatCoJv1/";
    # The installer profile and the containers have the empty field here; two of them at once is a warning.
    initialHashedPassword = lib.mkForce null;
  };
}
