// The engine is Linux's; so are its tests.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
