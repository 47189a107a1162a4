# What nixpkgs' image variants lack: a netboot tree, and a kexec tarball that has a kernel in it.
{
  image.modules = {
    netboot =
      {
        config,
        lib,
        modulesPath,
        pkgs,
        ...
      }:
      let
        inherit (config.system) build;
        kernel = config.system.boot.loader.kernelFile;
      in
      {
        imports = [ "${modulesPath}/installer/netboot/netboot-minimal.nix" ];

        image.filePath = lib.mkForce "netboot.ipxe";
        # `imgfree` drops what an earlier script of a menu has loaded.
        system.build.image = lib.mkForce (
          pkgs.runCommand "netboot" { } ''
            mkdir $out
            ln -s ${build.kernel}/${kernel} $out/${kernel}
            ln -s ${build.netbootRamdisk}/initrd $out/initrd
            sed '1a imgfree' ${build.netbootIpxeScript}/netboot.ipxe > $out/netboot.ipxe
          ''
        );
      };

    # `/kexec_nixos` loads the kernel and the initrd that lie beside it; nixpkgs packs the script alone.
    kexec =
      {
        config,
        lib,
        modulesPath,
        pkgs,
        ...
      }:
      let
        inherit (config.system) build;
      in
      {
        system.build.kexecTarball = lib.mkForce (
          pkgs.callPackage "${modulesPath}/../lib/make-system-tarball.nix" {
            fileName = config.image.baseName;
            storeContents = [
              {
                object = build.kexecScript;
                symlink = "/kexec_nixos";
              }
            ];
            contents = [
              {
                source = "${build.kernel}/${config.system.boot.loader.kernelFile}";
                target = "/bzImage";
              }
              {
                source = "${build.netbootRamdisk}/initrd";
                target = "/initrd.gz";
              }
            ];
          }
        );
      };
  };
}
