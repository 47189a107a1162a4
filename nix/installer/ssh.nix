# sshd: root may log in, with an authorized key and in no other way.
{ lib, ... }:
{
  services.openssh = {
    enable = true;
    settings = {
      # azure, cloudstack, linode and openstack set "prohibit-password" at the ordinary priority.
      PermitRootLogin = lib.mkForce "yes";
      # PAM would take an empty answer for the hash of "": PermitEmptyPasswords only looks at the first.
      PasswordAuthentication = false;
      KbdInteractiveAuthentication = false;
    };
  };

  # By default the key whose private half the harness has. To authorize others, set this option.
  users.users.root.openssh.authorizedKeys.keyFiles = lib.mkDefault [
    ../../reference/ssh/reference_images_only.pub
  ];
}
