"""The command line: `rightshare …`. A command that needs the application makes it itself."""
