// The engine runs on Linux only; the fronts refuse elsewhere before they load it.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
