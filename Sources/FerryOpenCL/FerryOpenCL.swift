// FerryOpenCL
